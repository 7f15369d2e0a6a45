import { describe, expect, test } from 'vitest'
import { cli, cliProcess, GAME, GAME_FILES, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

/** The game with its schema generated and committed. */
async function committed(): Promise<ProjectFolder> {
  const project = projectFolder()
  await cli(project.root, 'generate')
  project.git('init', '-q', '-b', 'main')
  commit(project, 'first')
  return project
}

function commit(project: ProjectFolder, message: string): void {
  project.git('add', '-A')
  project.git('commit', '-q', '-m', message)
}

const WIDER = GAME.replace('map[string]uint8', 'map[string]uint16')

interface Report {
  readonly ok: boolean
  readonly against: readonly string[]
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly against: string }[]
}

const report = async (root: string, ...args: string[]): Promise<Report> =>
  JSON.parse((await cli(root, 'check', '--json', ...args)).out) as Report

describe('check', () => {
  test('is content while nothing changed', async () => {
    const { root } = await committed()
    const { code, out } = await cli(root, 'check')
    expect(code).toBe(0)
    expect(out).toMatch(/^compared with schema\.json of [0-9a-f]+, \d{4}-/)
    expect(out).toContain('0 breaking, 0 to look at, 0 safe')
  })

  test('feature 125: compares with the commit, although the file on disk was generated anew', async () => {
    const { root, write } = await committed()
    write('game/board.go', WIDER)
    await cli(root, 'generate')
    const { code, out } = await cliProcess(root, 'check')
    expect(code).toBe(1)
    expect(out).toContain(
      'game/board.go:7:2: breaks-old-readers type-changed: game.BoardStoreState.Cells was map[string]uint8',
    )
    expect(out).toContain('  old page with new host: a uint16 above 255 is cut to uint8')
  })

  test('without git compares with the file on disk', async () => {
    const { root, write } = projectFolder()
    await cli(root, 'generate')
    write('game/board.go', WIDER)
    expect(await report(root)).toMatchObject({
      ok: false,
      against: ['schema.json'],
      findings: [{ code: 'type-changed' }],
    })
  })

  test('compares with a commit or a file that is named', async () => {
    const project = await committed()
    project.git('tag', 'deployed')
    project.write('game/board.go', WIDER)
    await cli(project.root, 'generate')
    commit(project, 'second')
    expect(await report(project.root)).toMatchObject({ ok: true, findings: [] })
    expect(await report(project.root, '--against', 'deployed')).toMatchObject({ ok: false })
    expect(await report(project.root, '--against', 'schema.json')).toMatchObject({ ok: true, against: ['schema.json'] })
  })

  test('feature 125: --history finds an id that an earlier version used', async () => {
    const project = await committed()
    const without = GAME.replace(/\tCells.*\n/, '').replace('MAXFIELD(2)', 'MAXFIELD(1)')
    project.write('game/board.go', without)
    await cli(project.root, 'generate')
    commit(project, 'Cells is gone, and the highest id with it')
    project.write('game/board.go', GAME.replace('Cells map[string]uint8', 'Title string'))
    expect(await report(project.root)).toMatchObject({ ok: true, findings: [{ code: 'field-added' }] })
    const found = await report(project.root, '--history')
    expect(found.ok).toBe(false)
    expect(found.against).toHaveLength(2)
    const reused = found.findings.find(({ code }) => code === 'id-reused')
    expect(reused?.against).toBe(found.against[1])
    expect(await report(project.root, '--history', '--depth', '1')).toMatchObject({ ok: false })
  })

  test.each([
    ['the commit before', 'HEAD~1'],
    ['a branch', 'release'],
    ['a tag', 'v1'],
    ['a remote branch', 'origin/main'],
  ])('--against %s, %s, says what broke since, and exits with 1', async (_, revision) => {
    const project = await committed()
    project.git('branch', 'release')
    project.git('tag', '-a', 'v1', '-m', 'deployed')
    project.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    project.write('game/board.go', WIDER)
    await cli(project.root, 'generate')
    commit(project, 'second')
    const short = project.git('rev-parse', '--short', 'HEAD~1').trim()
    const { code, out, err } = await cli(project.root, 'check', '--against', revision)
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toContain(`compared with schema.json of ${short}, `)
    expect(out).toContain('game/board.go:7:2: breaks-old-readers type-changed')
    expect(out).toContain('1 breaking, 0 to look at, 0 safe')
    expect(await cli(project.root, 'check')).toMatchObject({ code: 0 })
  })

  test('--against what broke and was mended is content', async () => {
    const project = await committed()
    project.git('tag', 'deployed')
    project.write('game/board.go', WIDER)
    await cli(project.root, 'generate')
    commit(project, 'broken')
    project.write('game/board.go', GAME)
    expect((await cli(project.root, 'check', '--against', 'deployed')).code).toBe(0)
    // The commit in between may have been deployed, too.
    expect((await cli(project.root, 'check', '--against', 'HEAD')).code).toBe(1)
    expect((await cli(project.root, 'check', '--against', 'HEAD', '--history')).code).toBe(1)
  })

  test('a project in a folder of the repository finds its own schema', async () => {
    const { root, git, write } = projectFolder(
      Object.fromEntries(Object.entries(GAME_FILES).map(([path, text]) => [`deep/er/${path}`, text])),
    )
    write('schema.json', '{ "format": "restream-schema/1", "packages": [] }')
    await cli(root, 'generate', '--project', 'deep/er')
    git('init', '-q', '-b', 'main')
    git('add', '-A')
    git('commit', '-q', '-m', 'first')
    write('deep/er/game/board.go', WIDER)
    const found = await report(root, '--project', 'deep/er', '--against', 'main')
    expect(found).toMatchObject({ ok: false, findings: [{ code: 'type-changed' }] })
    expect(await report(`${root}/deep/er`, '--against', 'main')).toEqual(found)
  })

  test('a commit without the schema, or with another file of its name, cannot be compared with', async () => {
    const project = projectFolder()
    project.git('init', '-q', '-b', 'main')
    commit(project, 'no schema')
    project.git('tag', 'before')
    project.write('schema.json', '{ "title": "of something else" }')
    commit(project, 'another schema')
    project.git('tag', 'other')
    project.git('rm', '-q', 'schema.json')
    await cli(project.root, 'generate')
    commit(project, 'the schema')
    expect(await cli(project.root, 'check', '--against', 'before')).toMatchObject({
      code: 2,
      err: expect.stringContaining('schema.json is not in before'),
    })
    expect(await cli(project.root, 'check', '--against', 'other')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/schema\.json of [0-9a-f]+ is no schema file/),
    })
    expect(await cli(project.root, 'check', '--against', 'HEAD')).toMatchObject({ code: 0 })
  })

  test('without a repository there is no commit to compare with', async () => {
    const { root } = projectFolder()
    await cli(root, 'generate')
    const { code, err } = await cli(root, 'check', '--against', 'HEAD')
    expect(code).toBe(2)
    expect(err).toContain('"HEAD" is neither a commit nor a file')
  })

  test('sources in TypeScript are compared as those in Go are', async () => {
    const source = (type: string): string =>
      `import type { ${type} } from '@rivulet/wire'\n/** @restream.store(Board) */ export interface BoardStoreState { cells: ReadonlyMap<string, ${type}> }\n`
    const project = projectFolder({
      'rivulet.config.json': JSON.stringify({ source: 'typescript', inputDirs: ['schema'] }),
      'schema/board.ts': source('uint8'),
    })
    await cli(project.root, 'generate')
    project.git('init', '-q', '-b', 'main')
    commit(project, 'first')
    project.write('schema/board.ts', source('uint16'))
    const { code, out } = await cli(project.root, 'check', '--against', 'main')
    expect(code).toBe(1)
    expect(out).toContain('schema/board.ts:2:')
    expect(out).toContain('breaks-old-readers type-changed')
  })

  test('--strict does not let warnings pass', async () => {
    const { root, write } = await committed()
    write('game/board.go', GAME.replace(/\tXTurn.*\n/, ''))
    expect((await cli(root, 'check')).code).toBe(0)
    expect((await cli(root, 'check', '--strict')).code).toBe(1)
  })

  test.each([
    [['--against', 'no-such-commit'], '"no-such-commit" is neither a commit nor a file'],
    [['--against', '--upload-pack=x'], 'argument is ambiguous'],
    [['--against', 'schema.json', '--history'], 'a file has no history'],
  ])('%j is refused', async (args, message) => {
    const { root } = await committed()
    const { code, err } = await cli(root, 'check', ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  test('says what to do when there is nothing to compare with', async () => {
    const { root } = projectFolder()
    const { code, err } = await cli(root, 'check')
    expect(code).toBe(2)
    expect(err).toContain('Run `rivulet generate` and commit the schema file')
  })

  test('errors in the sources come first', async () => {
    const { root, write } = await committed()
    write('game/board.go', GAME.replace('bool  ', 'bolt  '))
    const { code, err } = await cli(root, 'check')
    expect(code).toBe(1)
    expect(err).toContain('game/board.go:6:8: error unknown-type')
  })
})
