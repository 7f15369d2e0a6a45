import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createGoCache,
  createSourceCache,
  createTypeScriptCache,
  generate,
  loadConfig,
  memoryTree,
  readGo,
  readTypeScript,
} from '../../src/index.ts'
import { recordTree } from '../../src/project/recorded-tree.ts'
import { GAME_FILES, projectFolder } from '../support/project-folder.ts'

/** What each file of a project may say; undefined is that it is not there. Some do not fit together, and some are broken. */
type Variants = Readonly<Record<string, readonly (string | undefined)[]>>

const struct = (name: string, fields: readonly string[]): string =>
  `// @restream.partials\ntype ${name} struct {\n\t// MAXFIELD(${fields.length})\n${fields.map((field, at) => `\t${field} \`restream:",fID=${at + 1}"\``).join('\n')}\n}\n`

const GO: Variants = {
  'restream.yaml': ['inputDirs:\n  - game\n', 'inputDirs:\n  - game\n  - parts\n', 'inputDirs: [', undefined],
  'go.mod': ['module example.com/game\n', 'module example.com/other\n'],
  'game/a.go': [
    `package game\n\n${struct('Row', ['Name string', 'Cell *Cell'])}`,
    `package game\n\n// Row is documented.\n${struct('Row', ['Name string', 'Cells map[int32]Cell', 'More any'])}`,
    `package game\n\nimport "example.com/game/parts"\n\n${struct('Row', ['Size parts.Size'])}`,
    'package game\n\nfunc broken( {\n',
    '',
  ],
  'game/b.go': [
    `package game\n\n${struct('Cell', ['X int8', 'Row *Row'])}`,
    `package game\n\n// moved down\n\n${struct('Cell', ['X int8', 'Y chan int'])}`,
    'package other\n',
    undefined,
  ],
  'parts/parts.go': [
    'package parts\n\ntype Size uint8\n\nconst SizeS Size = 1\n',
    'package parts\n\ntype Size string\n',
  ],
}

const header = "import type { int32, uint8 } from '@rivulet/wire'\n"
const TYPESCRIPT: Variants = {
  'rivulet.config.json': [
    JSON.stringify({ source: 'typescript', inputDirs: ['schema'] }),
    JSON.stringify({ source: 'typescript', inputDirs: ['schema'], outputs: [{ emit: 'hooks' }, { emit: 'json' }] }),
  ],
  'schema/a.ts': [
    `${header}import type { Cell } from './b.ts'\n/** @restream.store(Board) */\nexport interface BoardStoreState { cells: readonly Cell[]; size: int32 }\n`,
    `${header}import type { Cell } from './lib/c.ts'\n/** @restream.store(Board) */\nexport interface BoardStoreState { cells: readonly Cell[]; turn: boolean }\n`,
    'export interface {\n',
  ],
  'schema/b.ts': [
    `${header}/** @restream.partials */ export interface Cell { x: int32; light: Light }\nexport type Light = 'on' | 'off'\n`,
    `${header}/** @restream.const */ export const Limit = 3\nexport interface Cell { x: uint8 | undefined }\n`,
    undefined,
  ],
  'schema/lib/c.ts': ['export interface Cell { y: string }\n', 'export interface Cell { y: boolean; z: Date }\n'],
}

/** Some files change at once, as with a branch that is checked out. */
function editsOf(variants: Variants): fc.Arbitrary<readonly (readonly (readonly [string, string | undefined])[])[]> {
  const paths = Object.keys(variants)
  const edit = fc
    .constantFrom(...paths)
    .chain((path) => fc.constantFrom(...(variants[path] ?? [])).map((text) => [path, text] as const))
  return fc.array(fc.array(edit, { minLength: 0, maxLength: 2 }), { minLength: 1, maxLength: 8 })
}

const firstOf = (variants: Variants): Record<string, string> =>
  Object.fromEntries(Object.entries(variants).map(([path, [text]]) => [path, text as string]))

describe.each([
  ['Go', GO],
  ['TypeScript', TYPESCRIPT],
] as const)('after any edits of a project in %s', (_, variants) => {
  test('a generation that goes on from the last one says and writes what a fresh one would', async () => {
    await fc.assert(
      fc.asyncProperty(editsOf(variants), async (steps) => {
        const { root, write } = projectFolder(firstOf(variants))
        const cache = createSourceCache()
        for (const step of [[], ...steps]) {
          for (const [path, text] of step) {
            if (text === undefined) rmSync(join(root, path), { force: true })
            else write(path, text)
          }
          const load = () => loadConfig(root)
          const project = await load().catch(() => undefined)
          if (project === undefined) continue
          const { model, diagnostics, failed, folders } = await generate(project, { cache })
          const fresh = await generate(project, { dryRun: true })
          // A lock file has been written meanwhile, which is no difference.
          expect({ model, diagnostics, failed, folders }).toEqual({
            model: fresh.model,
            diagnostics: fresh.diagnostics,
            failed: fresh.failed,
            folders: fresh.folders,
          })
          expect(fresh.changes).toMatchObject({ written: [], removed: [] })
        }
        cache.dispose()
      }),
      { numRuns: 25 },
    )
  })
})

describe('of what did not change', () => {
  test('nothing is read again, and outputs that somebody changed are mended', async () => {
    const { root, write, read } = projectFolder()
    const cache = createSourceCache()
    const project = await loadConfig(root)
    const first = await generate(project, { cache })
    const text = read('schema.json')
    write('schema.json', text.replace('XTurn', 'YTurn'))
    rmSync(join(root, 'src/generated/PackageGame.ts'))
    const second = await generate(project, { cache })
    // The very same model: nothing was built.
    expect(second.model).toBe(first.model)
    expect(second.changes.written).toEqual(['schema.json', 'src/generated/PackageGame.ts'])
    expect(read('schema.json')).toBe(text)
    // Other settings are another generation.
    const third = await generate({ ...project, outDir: 'elsewhere' }, { cache })
    expect(third.model).not.toBe(first.model)
    cache.dispose()
  })

  test('a file that comes beside those that were read is noticed', async () => {
    const { root, write } = projectFolder()
    const cache = createSourceCache()
    const first = await generate(await loadConfig(root), { cache })
    write('game/more.go', 'package game\n\n// @restream.serializers\ntype More struct { A int8 }\n')
    const second = await generate(await loadConfig(root), { cache })
    expect(first.model.packages[0]?.structs.map(({ name }) => name)).toEqual(['BoardStoreState'])
    expect(second.model.packages[0]?.structs.map(({ name }) => name)).toEqual(['BoardStoreState', 'More'])
    cache.dispose()
  })
})

describe('caches', () => {
  test('of Go serve reading after reading, and one after they were disposed', async () => {
    const cache = createGoCache()
    const tree = memoryTree(GAME_FILES)
    const fresh = await readGo(tree)
    for (let turn = 0; turn < 3; turn += 1) expect(await readGo(tree, { cache })).toEqual(fresh)
    cache.dispose()
    expect(await readGo(tree, { cache })).toEqual(fresh)
    cache.dispose()
  })

  test('of Go give a file its own place under another name', async () => {
    const cache = createGoCache()
    const text = GAME_FILES['game/board.go'] ?? ''
    const moved = { 'go.mod': 'module m\n', 'restream.yaml': 'inputDirs: [game]\n', 'game/moved.go': text }
    await readGo(memoryTree(GAME_FILES), { cache })
    const { model } = await readGo(memoryTree(moved), { cache })
    expect(model.packages[0]?.structs[0]?.extra?.at?.file).toBe('game/moved.go')
    cache.dispose()
  })

  test('of TypeScript parse each text once, and say again what is wrong with it', () => {
    const cache = createTypeScriptCache()
    const tree = memoryTree({ 'schema/a.ts': 'export interface {\n' })
    const [first, second] = [1, 2].map(() => readTypeScript(tree, { inputs: ['schema'], cache }))
    expect(first?.diagnostics[0]?.code).toBe('syntax')
    expect(second?.diagnostics).toEqual(first?.diagnostics)
    const parsed = cache.file('schema/a.ts', 'export interface {\n')
    expect(cache.file('schema/a.ts', 'export interface {\n')).toBe(parsed)
    expect(cache.file('schema/a.ts', 'export {}\n')).not.toBe(parsed)
  })

  test('a recorded tree is the same where all that was asked has the same answer', () => {
    const files = { 'a/x.go': 'x', 'a/y.go': 'y', 'b/z.go': 'z' }
    const recorded = recordTree(memoryTree(files))
    expect([recorded.readFile('a/x.go'), recorded.readFile('none'), recorded.listFiles('a')]).toEqual([
      'x',
      undefined,
      ['x.go', 'y.go'],
    ])
    expect(recorded.isSameIn(memoryTree(files))).toBe(true)
    // Nobody asked for these.
    expect(recorded.isSameIn(memoryTree({ ...files, 'b/z.go': 'other', 'a/y.go': 'other' }))).toBe(true)
    expect(recorded.isSameIn(memoryTree({ ...files, 'a/x.go': 'other' }))).toBe(false)
    expect(recorded.isSameIn(memoryTree({ ...files, 'a/w.go': '' }))).toBe(false)
    expect(recorded.isSameIn(memoryTree({ ...files, none: '' }))).toBe(false)
  })
})
