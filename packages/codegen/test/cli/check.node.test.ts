import { describe, expect, test } from 'vitest'
import { cli, cliProcess, GAME, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

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

  test('compares with the commit, although the file on disk was generated anew', async () => {
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

  test('--history finds an id that an earlier version used', async () => {
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
