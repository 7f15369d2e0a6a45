import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeState, encodeState, type StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import { emitGo, emitHooks, emitTypeScript } from '../src/index.ts'
import { COMPILER_TIME, importEmitted, writeEmitted } from './support/emitted.ts'
import { goldenSchema } from './support/golden-schema.ts'
import { cli, GAME, GAME_FILES, projectFolder } from './support/project-folder.ts'
import { read } from './support/read-sources.ts'
import { readTs } from './support/read-ts.ts'

// Rows of the reference's feature list that no other test shows as a whole.

describe('feature 83: a project is generated', () => {
  const parts = 'package parts\n\n// @restream.serializers\ntype Part struct { N int8 }\n'

  test('whole: every input folder', async () => {
    const { root, read: text } = projectFolder({
      ...GAME_FILES,
      'restream.yaml': 'inputDirs: [game, parts]\ntsDir: web\n',
      'parts/parts.go': parts,
    })
    expect((await cli(root, 'generate')).out).toBe(
      'wrote  schema.json\nwrote  web/PackageGame.ts\nwrote  web/PackageParts.ts\n',
    )
    expect(text('web/PackageParts.ts')).toContain('export interface Part')
  })

  test('of one file in TypeScript, whatever lies beside it', async () => {
    const store = (name: string): string =>
      `/** @restream.store(${name}) */\nexport interface ${name}StoreState { readonly n: string }\n`
    const { root, read: text } = projectFolder({
      'rivulet.config.json': '{ "source": "typescript", "inputDirs": ["schema/a.ts"] }',
      'schema/a.ts': store('A'),
      'schema/b.ts': store('B'),
    })
    expect((await cli(root, 'generate')).code).toBe(0)
    expect(text('src/generated/PackageSchema.ts')).toContain('export const AStore')
    expect(text('src/generated/PackageSchema.ts')).not.toContain('BStore')
  })
})

test('feature 85: each package becomes one TypeScript file, called after it, and imports those that it uses', async () => {
  const { model, errors } = await read({
    'shop/a.go':
      'package shop\nimport "example.com/shop/parts"\n// @restream.serializers\ntype A struct { P parts.Part }',
    'shop/b.go': 'package shop\n// @restream.serializers\ntype B struct { N int8 }',
    'parts/p.go': 'package parts\n// @restream.serializers\ntype Part struct { N int8 }',
    'nothing/n.go': 'package nothing\nfunc f() {}\n',
  })
  expect(errors).toEqual([])
  const files = emitTypeScript(model)
  expect(files.map(({ path }) => path)).toEqual(['PackageParts.ts', 'PackageShop.ts'])
  expect(files[1]?.text).toContain("from './PackageParts.ts'")
  expect(files[1]?.text).toMatch(/interface A [^]*interface B /)
})

describe('feature 88: an annotation makes the rest of a store', () => {
  const { model } = readTs(
    '/** Who leads. @restream.store(Board, CloudOnly) @access 3 */\nexport interface BoardStoreState { readonly leader: string }',
  )

  test('in TypeScript the descriptor that hosts and pages need', async () => {
    const folder = writeEmitted(emitTypeScript(model))
    const { BoardStore } = await importEmitted(folder, 'PackageSchema.ts')
    expect(BoardStore).toMatchObject({ kind: 'store', name: 'Board', state: 'schema.BoardStoreState' })
    const def = BoardStore as StoreDef<{ readonly leader: string }>
    expect(decodeState(def, encodeState(def, { leader: 'Ada' }))).toEqual({ leader: 'Ada' })
  })

  test('in Go the store’s struct, its kind and its level', () => {
    const text = emitGo(model, { importPath: 'example.com/board' })[0]?.text
    expect(text).toContain('// @restream.store("Board", CloudOnly)\ntype BoardStore struct{}')
    expect(text).toMatch(/func \(s \*BoardStore\) GetMinimumAccessLevel\(\) restream\.AccessLevel \{\n\treturn 3\n\}/)
  })
})

describe('feature 97: structs of others without a place for them', () => {
  test('are an error at the setting, and nothing is written', async () => {
    const { root, write } = projectFolder()
    write('restream.yaml', 'inputDirs:\n  - game\nbuildSerializers:\n  - example.com/game/game/BoardStoreState\n')
    const { code, err, out } = await cli(root, 'generate')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('restream.yaml:3:1: error config: buildSerializers needs goExtraFile')
    write(
      'restream.yaml',
      'inputDirs:\n  - game\nbuildSerializers:\n  - example.com/game/game/BoardStoreState\ngoExtraFile: extra/extra.go\n',
    )
    expect((await cli(root, 'generate')).code).toBe(0)
  })
})

test('feature 98: what is written passes the project’s linter as it is', { timeout: COMPILER_TIME }, () => {
  const { model } = readTs(`
/** @restream.store(A) */ interface AStoreState { a: unknown; b: Date; c: E }
/** @restream.stream(A) */ interface S { v(key: string): Uint8Array }
enum E { One, Two }`)
  const files = [goldenSchema(), model].flatMap((one) => [...emitTypeScript(one), ...emitHooks(one)])
  const folder = writeEmitted(files)
  const config = fileURLToPath(new URL('../../../.oxlintrc.json', import.meta.url))
  const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint')
  const lint = (path: string): { readonly status: number | null; readonly stdout: string } => {
    const args = [oxlint, '--deny-warnings', '--config', config, join(folder, path)]
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  }
  for (const { path } of files) expect([path, lint(path)]).toMatchObject([path, { status: 0 }])
  // The linter does look at these files.
  writeFileSync(join(folder, 'wrong.ts'), 'export const wrong: any = eval("1")\n')
  expect(lint('wrong.ts').status).toBe(1)
})

test('feature 129: files outside the input folders are left alone', async () => {
  const broken = 'package other\n\n// @restream.partials\ntype X struct { Y chan int }\n'
  const files = { ...GAME_FILES, 'other/x.go': broken, 'game/deeper/x.go': broken, 'x.go': broken }
  const { root, read: text } = projectFolder(files)
  expect(await cli(root, 'generate', '--assign-ids')).toMatchObject({ code: 0, err: '' })
  for (const path of ['other/x.go', 'game/deeper/x.go', 'x.go']) expect(text(path)).toBe(broken)
  expect(text('game/board.go')).toBe(GAME)
  expect(JSON.parse(text('schema.json'))).toMatchObject({ packages: [{ name: 'game' }] })
})
