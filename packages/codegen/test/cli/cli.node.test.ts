import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { encodeDelta, encodeState, type StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { readSchema, wireTypes } from '../../src/index.ts'
import { runCli } from '../../src/cli/run.ts'
import { cli, cliProcess, finished, GAME, GAME_FILES, projectFolder, startCli } from '../support/project-folder.ts'

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe('the command line', () => {
  test('without a command explains itself, and is not content', async () => {
    const { code, out } = await cliProcess('.')
    expect(code).toBe(2)
    expect(lines(out)[0]).toBe('Usage: rivulet <command> [options]')
    for (const name of ['init', 'generate', 'check', 'inspect']) expect(out).toContain(`  ${name}`)
  })

  test.each(['init', 'generate', 'check', 'inspect'])('%s --help names its options', async (name) => {
    const { code, out } = await cli('.', name, '--help')
    expect(code).toBe(0)
    expect(out).toContain(`Usage: rivulet ${name} `)
    expect(out).toContain('--project <folder>')
    expect((await cli('.', 'help', name)).out).toBe(out)
  })

  test.each([
    [['grow'], '"grow" is no command'],
    [['check', '--fast'], "Unknown option '--fast'"],
    [['generate', 'everything'], '"everything" is not expected'],
    [['generate', '--watch', '--check'], '--watch goes with neither'],
    [['check', '--depth', 'x'], '--depth x is no number of versions'],
  ])('%j is refused with the fix', async (args, message) => {
    const { code, err } = await cli(projectFolder().root, ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err).not.toContain('    at ')
  })

  test('a folder without a configuration is refused with the fix', async () => {
    const { code, err } = await cli(projectFolder({}).root, 'generate')
    expect(code).toBe(2)
    expect(err).toContain('Run `rivulet init`')
  })
})

test('has colours only where they were asked for', async () => {
  const { root, write } = projectFolder()
  write('game/board.go', GAME.replace('bool  ', 'bolt  '))
  const said = async (colors: boolean): Promise<string> => {
    const texts: string[] = []
    const say = (line: string): void => void texts.push(line)
    const signal = new AbortController().signal
    await runCli(['generate'], { cwd: root, out: say, err: say, colors, input: () => Promise.resolve(''), signal })
    return texts.join()
  }
  expect(await said(true)).toContain('\u001B[31merror\u001B[39m')
  expect(await said(false)).not.toContain('\u001B')
})

describe('init', () => {
  test('finds annotated sources, asks nothing, and generate then works', async () => {
    const { 'restream.yaml': _, ...files } = GAME_FILES
    const { root, read } = projectFolder(files)
    expect((await cli(root, 'init', '--out', 'web/generated')).code).toBe(0)
    expect(JSON.parse(read('rivulet.config.json'))).toEqual({
      source: 'go',
      inputDirs: ['game'],
      outDir: 'web/generated',
      schema: 'schema.json',
    })
    expect((await cli(root, 'generate')).code).toBe(0)
    expect((await cli(root, 'init')).out).toBe('rivulet.config.json is there: nothing to do\n')
  })

  test('finds annotated TypeScript where there is no Go', async () => {
    const { root, read } = projectFolder({
      'src/model/tally.ts':
        '/** @restream.store(Tally) */\nexport interface TallyStoreState { readonly votes: number }\n',
      'src/app/page.ts': 'export const title = "no schema"\n',
      'test/tally.test.ts': "// not a source: '@restream.store(Tally)'\n",
      'types/tally.d.ts': '/** @restream.store(Tally) */\n',
    })
    expect((await cli(root, 'init')).code).toBe(0)
    expect(JSON.parse(read('rivulet.config.json'))).toMatchObject({ source: 'typescript', inputDirs: ['src/model'] })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('src/generated/PackageSchema.ts')).toContain('export const TallyStore')
  })

  test('takes Go before TypeScript', async () => {
    const { root, read } = projectFolder({
      'go.mod': 'module example.com/game\n',
      'game/board.go': GAME,
      'web/tally.ts': '/** @restream.store(Tally) */\n',
    })
    expect((await cli(root, 'init')).code).toBe(0)
    expect(JSON.parse(read('rivulet.config.json'))).toMatchObject({ source: 'go', inputDirs: ['game'] })
  })

  test('says what is missing where there is nothing to generate from', async () => {
    const { root } = projectFolder({ 'main.go': 'package main' })
    const { code, err } = await cli(root, 'init', '--json')
    expect(code).toBe(1)
    expect(err).toContain('Write `// @restream.partials`')
    expect(existsSync(join(root, 'rivulet.config.json'))).toBe(false)
  })
})

describe('generate', () => {
  test('features 92 and 99: writes the schema file and the modules, and then nothing', async () => {
    const { root, read } = projectFolder()
    expect(await cliProcess(root, 'generate')).toEqual({
      code: 0,
      out: 'wrote  schema.json\nwrote  src/generated/PackageGame.ts\n',
      err: '',
    })
    expect(read('src/generated/PackageGame.ts')).toContain('export interface BoardStoreState')
    expect(JSON.parse(read('schema.json'))).toMatchObject({ format: 'restream-schema/1', packages: [{ name: 'game' }] })
    const { mtimeMs } = statSync(join(root, 'schema.json'))
    expect((await cli(root, 'generate')).out).toBe('2 files up to date\n')
    expect(statSync(join(root, 'schema.json')).mtimeMs).toBe(mtimeMs)
  })

  test('removes what it no longer wants, and leaves alone what others wrote', async () => {
    const { root, write } = projectFolder()
    write('src/generated/old.ts', '// Code generated by rivulet; DO NOT EDIT.\n')
    write('src/generated/kept.ts', 'export {}\n')
    expect((await cli(root, 'generate')).out).toBe(
      'wrote  schema.json\nwrote  src/generated/PackageGame.ts\nremoved  src/generated/old.ts\n',
    )
    expect(existsSync(join(root, 'src/generated/old.ts'))).toBe(false)
    expect(existsSync(join(root, 'src/generated/kept.ts'))).toBe(true)
  })

  test('replaces nothing that no generator wrote', async () => {
    const { root, write, read } = projectFolder()
    write('schema.json', '{ "mine": true }')
    const { code, err } = await cli(root, 'generate')
    expect(code).toBe(2)
    expect(err).toContain('schema.json is there, and no generator wrote it')
    expect(read('schema.json')).toBe('{ "mine": true }')
  })

  test('--check writes nothing and fails while something differs', async () => {
    const { root, write } = projectFolder()
    const first = await cli(root, 'generate', '--check')
    expect(first).toMatchObject({ code: 1, out: 'differs  schema.json\ndiffers  src/generated/PackageGame.ts\n' })
    expect(existsSync(join(root, 'schema.json'))).toBe(false)
    await cli(root, 'generate')
    expect((await cli(root, 'generate', '--check')).code).toBe(0)
    write('game/board.go', GAME.replace('XTurn', 'OTurn'))
    expect((await cli(root, 'generate', '--check')).code).toBe(1)
  })

  test('errors point at file, line and column with the fix, and touch nothing', async () => {
    const { root, write } = projectFolder()
    write('game/board.go', GAME.replace('bool  ', 'bolt  '))
    const { code, err } = await cliProcess(root, 'generate')
    expect(code).toBe(1)
    expect(lines(err)[0]).toMatch(/^game\/board\.go:6:8: error unknown-type: /)
    expect(lines(err)[1]).toMatch(/^ {2}\S/)
    expect(existsSync(join(root, 'schema.json'))).toBe(false)
    const asJson = JSON.parse((await cli(root, 'generate', '--json')).out) as Record<string, unknown>
    expect(asJson).toMatchObject({ ok: false, diagnostics: [{ file: 'game/board.go', line: 6, column: 8 }] })
  })

  test('--assign-ids writes ids into the sources', async () => {
    const { root, write, read } = projectFolder()
    write('game/board.go', GAME.replace('\n\tCells', '\n\tTitle string\n\tCells'))
    expect((await cli(root, 'generate')).code).toBe(1)
    expect((await cli(root, 'generate', '--assign-ids')).out).toBe(
      'wrote  game/board.go\nwrote  schema.json\nwrote  src/generated/PackageGame.ts\n',
    )
    expect(read('game/board.go')).toContain('fID=3')
    expect((await cli(root, 'generate', '--check')).code).toBe(0)
  })

  test.each([
    [
      'rivulet.config.ts',
      'made',
      "const out: string = 'made'\nexport default { outDir: out, schema: 'made/schema.json' }\n",
    ],
    ['rivulet.config.mjs', 'src/generated', "export default { schema: 'made/schema.json' }\n"],
    ['rivulet.config.json', 'src/generated', '{ "schema": "made/schema.json" }'],
  ])('reads %s', async (name, outDir, text) => {
    const { root } = projectFolder({ ...GAME_FILES, [name]: text })
    expect((await cliProcess(root, 'generate')).out).toBe(`wrote  made/schema.json\nwrote  ${outDir}/PackageGame.ts\n`)
  })

  test.each([
    ['{ "shema": "x" }', '"shema" is not a setting'],
    ['{ "inputDirs": "game" }', 'inputDirs is not a list of texts'],
    ['{ "source": "rust" }', 'nothing reads the source "rust"'],
    ['{ "outputs": [{ "emit": "cobol" }] }', 'nothing emits "cobol"'],
    ['{ "outputs": [{ "emit": "go" }] }', 'needs the option importPath'],
    ['{ "source": "typescript" }', 'does not say where its TypeScript sources are'],
    ['{ "schema": "../schema.json" }', 'is outside the project'],
    ['[]', 'it exports no object'],
    ['{', 'cannot be read'],
  ])('refuses the configuration %s', async (text, message) => {
    const { root } = projectFolder({ ...GAME_FILES, 'rivulet.config.json': text })
    const { code, err } = await cli(root, 'generate')
    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})

describe('every output', () => {
  test('modules, hooks, Go and JSON, each in its folder', async () => {
    const outputs = [
      { emit: 'typescript', options: { fileName: '{package}.ts', wide: 'bigint' } },
      { emit: 'hooks', options: { fileName: '{package}.ts' } },
      { emit: 'go', dir: 'device', options: { importPath: 'example.com/device' } },
      { emit: 'json', dir: 'public' },
    ]
    const { root, read } = projectFolder({ ...GAME_FILES, 'rivulet.config.json': JSON.stringify({ outputs }) })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('src/generated/game.ts')).toContain('export const Board')
    expect(read('src/generated/gameHooks.ts')).toContain('useBoard')
    expect(read('device/game/game.go')).toContain('@restream.store("Board")')
    expect(read('public/schema.json')).toBe(read('schema.json'))
    expect((await cli(root, 'generate', '--check')).code).toBe(0)
  })

  test('a schema in TypeScript: modules, and a lock file that keeps the ids', async () => {
    const source = (fields: string): string =>
      `import type { int32 } from '@rivulet/wire'\n\n/** @restream.store(Tally) */\nexport interface TallyState {\n${fields}}\n`
    const { root, read, write } = projectFolder({
      'rivulet.config.json': '{ "source": "typescript", "inputDirs": ["schema"] }',
      'schema/tally.ts': source('  readonly votes: int32\n'),
    })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('src/generated/PackageSchema.ts')).toContain("{ name: 'votes', id: 1, type: { kind: 'int32' } }")
    write('schema/tally.ts', source('  readonly voters: int32\n  readonly votes: int32\n'))
    expect((await cli(root, 'generate', '--check')).code).toBe(1)
    expect((await cli(root, 'generate')).out).toContain('wrote  rivulet.lock.json')
    expect(read('src/generated/PackageSchema.ts')).toMatch(/'voters', id: 2.*\n.*'votes', id: 1/)
    expect((await cli(root, 'generate', '--check')).code).toBe(0)
  })

  test('a schema in TypeScript: its package has the name that the configuration says', async () => {
    const { root, read, write } = projectFolder({
      'rivulet.config.json': '{ "source": "typescript", "inputDirs": ["schema"], "packageName": "votes" }',
      'schema/tally.ts': '/** @restream.store(Tally) */\nexport interface TallyStoreState { readonly votes: number }\n',
    })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    expect(read('src/generated/PackageVotes.ts')).toContain("state: 'votes.TallyStoreState'")
    write('rivulet.config.json', '{ "source": "typescript", "inputDirs": ["schema"], "packageName": "Votes!" }')
    expect(await cli(root, 'generate')).toMatchObject({ code: 1, err: expect.stringContaining('"Votes!" cannot be') })
    write('rivulet.config.json', '{ "source": "typescript", "inputDirs": ["schema"], "packageName": 7 }')
    expect(await cli(root, 'generate')).toMatchObject({ code: 2, err: expect.stringContaining('packageName is not a') })
  })

  test('a schema in TypeScript whose module lies beside it is the same the second time', async () => {
    const { root, read } = projectFolder({
      'rivulet.config.json': '{ "source": "typescript", "inputDirs": ["schema"], "outDir": "schema" }',
      'schema/tally.ts': '/** @restream.store(Tally) */\nexport interface TallyStoreState { readonly votes: number }\n',
    })
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '' })
    const first = read('schema/PackageSchema.ts')
    expect(first).toContain('// From schema/tally.ts.')
    expect(await cli(root, 'generate')).toMatchObject({ code: 0, err: '', out: '2 files up to date\n' })
    expect(read('schema/PackageSchema.ts')).toBe(first)
  })
})

describe('generate --watch', () => {
  test('generates again when a source changes, says what is wrong, and ends when told to', async () => {
    const { root, write, read } = projectFolder()
    const child = startCli(root, ['generate', '--watch'])
    const end = finished(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()))
    await expect.poll(() => said).toContain('watching')
    expect(read('schema.json')).toContain('XTurn')

    write('game/board.go', GAME.replace('XTurn', 'OTurn'))
    await expect.poll(() => read('schema.json')).toContain('OTurn')

    write('game/board.go', GAME.replace('bool  ', 'bolt  '))
    await expect.poll(() => said).toContain('game/board.go:6:8: error unknown-type')
    expect(read('schema.json')).toContain('OTurn')

    write('game/board.go', GAME)
    await expect.poll(() => read('schema.json')).toContain('XTurn')
    child.kill('SIGTERM')
    expect((await end).code).toBe(0)
  })
})

describe('inspect', () => {
  async function message(): Promise<{ root: string; def: StoreDef }> {
    const { root } = projectFolder()
    await cli(root, 'generate')
    const model = readSchema(join(root, 'schema.json'))
    if (model === undefined) throw new Error('there is no schema file')
    return { root, def: { kind: 'store', name: 'Board', state: 'game.BoardStoreState', types: [wireTypes(model)] } }
  }
  const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

  test('names every byte of a state and of a delta', async () => {
    const { root, def } = await message()
    const state = hexOf(encodeState(def, { xTurn: true, cells: new Map([['a', 7]]) }))
    const { code, out } = await cli(root, 'inspect', state, '--store', 'Board')
    expect(code).toBe(0)
    expect(lines(out)).toHaveLength(11)
    expect(lines(out).at(-1)).toMatch(/^10 {2}07 {2}Board\.cells\["a"\] +uint8 = 7$/)
    const delta = hexOf(encodeDelta(def, { xTurn: { set: false } }))
    const partial = await cli(
      root,
      'inspect',
      delta,
      '--schema',
      'schema.json',
      '--store',
      'Board',
      '-k',
      'partial',
      '--json',
    )
    expect(JSON.parse(partial.out)).toMatchObject({
      ok: true,
      parts: [
        { offset: 0 },
        { path: 'Board.xTurn', meaning: 'id of XTurn', value: 1 },
        {},
        {},
        { meaning: 'bool', value: false },
      ],
    })
  })

  test('takes a type, spaces, and the standard input', async () => {
    const { root } = await message()
    const child = startCli(root, ['inspect', '-', '--type', 'game.BoardStoreState'])
    child.stdin.end('0x03 01 01\n01')
    const { code, out } = await finished(child)
    expect(code).toBe(0)
    expect(lines(out).at(-1)).toMatch(/bool = true$/)
  })

  test('exits with 1 at the offending byte', async () => {
    const { root } = await message()
    const { code, out, err } = await cliProcess(root, 'inspect', '03010107', '--store', 'Board')
    expect(code).toBe(1)
    expect(lines(out).at(-1)).toMatch(/^3 {2}07 .* not read$/)
    expect(err).toContain('malformed: a bool is 0 or 1, not 7: Board at byte 3')
  })

  test.each([
    [['zz', '--store', 'Board'], '"z" is no hexadecimal digit'],
    [['012', '--store', 'Board'], '3 digits are half a byte too many'],
    [['00', '--store', 'Bord'], 'no store is called "Bord". There is Board.'],
    [['00', '--type', 'game.Nothing'], 'no struct or packet is called "game.Nothing"'],
    [['00'], 'Give either --store, --type or --stream'],
    [['00', '--store', 'Board', '--type', 'game.Row'], 'a message is of one store, type or stream'],
    [['00', '--stream', 'Video'], 'no stream is called "Video". The schema has none.'],
    [['00', '--stream', 'Video', '-k', 'partial'], 'the units of a stream are no deltas'],
    [['00', '--store', 'Board', '--kind', 'half'], '--kind half is neither full nor partial'],
    [[], 'there is no message'],
  ])('%j is refused with the fix', async (args, text) => {
    const { root } = projectFolder()
    const { code, err } = await cli(root, 'inspect', ...args)
    expect(code).toBe(2)
    expect(err).toContain(text)
  })
})
