import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cli, GAME, GAME_FILES, projectFolder } from '../support/project-folder.ts'

const TALLY = '/** @restream.store(Tally) */\nexport interface TallyStoreState { readonly votes: number }\n'

/** What init writes for these files; undefined where it writes nothing. */
async function found(files: Readonly<Record<string, string>>): Promise<unknown> {
  const { root, read } = projectFolder(files)
  const { code } = await cli(root, 'init')
  expect(code).toBe(existsSync(join(root, 'rivulet.config.json')) ? 0 : 1)
  return code === 0 ? JSON.parse(read('rivulet.config.json')) : undefined
}

describe('init finds sources', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['in the folder itself', { 'board.go': GAME }, ['.']],
    ['in several folders, sorted', { 'z/a.go': GAME, 'a/b.go': GAME, 'a/b/c.go': GAME }, ['a', 'a/b', 'z']],
    ['in a folder with a blank in its name', { 'my game/a.go': GAME }, ['my game']],
    ['in a folder that is only deep', { 'a/b/c/d/e/f/g/h/x.go': GAME }, ['a/b/c/d/e/f/g/h']],
    ['not in one that nobody would write', { 'x.go': GAME, 'a/b/c/d/e/f/g/h/i/x.go': GAME }, ['.']],
    [
      'not in what others wrote',
      {
        'game/a.go': GAME,
        'vendor/x/a.go': GAME,
        'node_modules/x/a.go': GAME,
        'dist/a.go': GAME,
        '.cache/a.go': GAME,
      },
      ['game'],
    ],
    [
      'not in a folder whose files have no annotation',
      { 'game/a.go': GAME, 'tools/a.go': 'package tools\n' },
      ['game'],
    ],
    ['not in files of another kind', { 'game/a.go': GAME, 'docs/a.md': GAME, 'docs/go': GAME }, ['game']],
  ])('in Go %s', async (_, files, inputDirs) => {
    expect(await found(files)).toEqual({ source: 'go', inputDirs, outDir: 'src/generated', schema: 'schema.json' })
  })

  test.each<[string, Readonly<Record<string, string>>, readonly string[] | undefined]>([
    ['in .ts, .mts and .cts', { 'a/x.ts': TALLY, 'b/x.mts': TALLY, 'c/x.cts': TALLY }, ['a', 'b', 'c']],
    ['not in declarations', { 'a/x.d.ts': TALLY, 'b/x.d.mts': TALLY }, undefined],
    ['not in tests and benchmarks', { 'x.test.ts': TALLY, 'x.spec.ts': TALLY, 'x.bench.mts': TALLY }, undefined],
    ['not in components', { 'a/x.tsx': TALLY, 'b/x.js': TALLY }, undefined],
    ['not where only the word is', { 'a/x.ts': '// see restream.store\nexport {}\n' }, undefined],
  ])('in TypeScript %s', async (_, files, inputDirs) => {
    const config = { source: 'typescript', inputDirs, outDir: 'src/generated', schema: 'schema.json' }
    expect(await found(files)).toEqual(inputDirs === undefined ? undefined : config)
  })

  test('through no link: a circle of folders has an end', async () => {
    const { root, read, write } = projectFolder({ 'game/a.go': GAME })
    write('other/readme.md', '')
    symlinkSync(root, join(root, 'other/again'))
    expect((await cli(root, 'init')).code).toBe(0)
    expect(JSON.parse(read('rivulet.config.json'))).toMatchObject({ inputDirs: ['game'] })
  })
})

describe('init beside a configuration of the reference', () => {
  test('repeats nothing that it says', async () => {
    expect(await found(GAME_FILES)).toEqual({ source: 'go', schema: 'schema.json' })
  })

  test('says where modules go when it is told to', async () => {
    const { root, read } = projectFolder()
    expect((await cli(root, 'init', '-o', 'web')).code).toBe(0)
    expect(JSON.parse(read('rivulet.config.json'))).toEqual({ source: 'go', outDir: 'web', schema: 'schema.json' })
    expect((await cli(root, 'generate')).out).toContain('wrote  web/PackageGame.ts')
  })
})

describe('init replaces nothing', () => {
  test.each(['rivulet.config.ts', 'rivulet.config.mjs', 'rivulet.config.json'])('%s', async (name) => {
    const { root, read } = projectFolder({ 'a.go': GAME, [name]: 'whatever' })
    expect(await cli(root, 'init')).toEqual({ code: 0, out: `${name} is there: nothing to do\n`, err: '' })
    expect(await cli(root, 'init', '--json')).toEqual({ code: 0, out: '{"ok":true,"written":[]}\n', err: '' })
    expect(read(name)).toBe('whatever')
  })
})

describe('init says in JSON', () => {
  test('what it wrote', async () => {
    const { root } = projectFolder({ 'a.go': GAME })
    expect(await cli(root, 'init', '--json')).toEqual({
      code: 0,
      out: '{"ok":true,"written":["rivulet.config.json"]}\n',
      err: '',
    })
  })

  test('that it found nothing, and in words what would help', async () => {
    const { root } = projectFolder({})
    const { code, out, err } = await cli(root, 'init', '--json')
    expect({ code, out }).toEqual({ code: 1, out: '{"ok":false,"written":[]}\n' })
    expect(err).toContain('/** @restream.store(Name) */')
  })
})

describe('init in a folder of another name', () => {
  test('-p leads there, from where it was started', async () => {
    const { root, read } = projectFolder({ 'host/game/a.go': GAME })
    expect((await cli(root, 'init', '-p', 'host')).code).toBe(0)
    expect(JSON.parse(read('host/rivulet.config.json'))).toMatchObject({ inputDirs: ['game'] })
    mkdirSync(join(root, 'page'))
    expect((await cli(join(root, 'page'), 'init', '--project', '../host')).out).toContain('nothing to do')
  })

  test.each(['nowhere', 'a.go'])('that is none is refused: %s', async (project) => {
    const { root } = projectFolder({ 'a.go': GAME })
    const { code, err } = await cli(root, 'init', '--project', project)
    expect(code).toBe(2)
    expect(err).toContain(`there is no folder ${join(root, project)}`)
    expect(err).not.toContain('    at ')
  })
})
