import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { followSources, type Generated, loadConfig } from '../../src/index.ts'
import { rivulet } from '../../src/vite/vite.ts'
import { GAME, GAME_FILES, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

// Files that come, go and move while a project is followed.

interface Followed extends ProjectFolder {
  readonly last: () => Generated | undefined
  readonly codes: () => readonly string[]
}

async function follow(files: Readonly<Record<string, string>>): Promise<Followed> {
  const project = projectFolder(files)
  const results: Generated[] = []
  const watch = await followSources(() => loadConfig(project.root), {
    generated: (result) => results.push(result),
    failed: (error) => expect.unreachable(String(error)),
  })
  onTestFinished(() => watch.close())
  const last = (): Generated | undefined => results.at(-1)
  return { ...project, last, codes: () => last()?.diagnostics.map(({ code }) => code) ?? [] }
}

const slow = { timeout: 20_000 }
const CONFIG = JSON.stringify({ source: 'typescript', inputDirs: ['schema'] })
const state = (name: string, fields: string): string =>
  `/** @restream.store(${name}) */\nexport interface ${name}StoreState { ${fields} }\n`
const IMPORTING = `import type { Cell } from '../lib/cell.ts'\n${state('Board', 'cell: Cell')}`

describe('in TypeScript', () => {
  test('a file that is created, renamed and deleted', slow, async () => {
    const { root, write, read, codes } = await follow({
      'rivulet.config.json': CONFIG,
      'schema/a.ts': state('Aa', 'a: string'),
    })
    expect(read('schema.json')).toContain('AaStore')
    write('schema/b.ts', state('Bb', 'b: string'))
    await expect.poll(() => read('schema.json'), slow).toContain('BbStore')
    renameSync(join(root, 'schema/b.ts'), join(root, 'schema/c.ts'))
    await expect.poll(() => read('src/generated/PackageSchema.ts'), slow).toContain('From schema/a.ts, schema/c.ts.')
    expect(read('schema.json')).toContain('BbStore')
    rmSync(join(root, 'schema/c.ts'))
    await expect.poll(() => read('schema.json'), slow).not.toContain('BbStore')
    expect(codes()).toEqual([])
  })

  test('a file that an input imports from another folder', slow, async () => {
    const { write, read } = await follow({
      'rivulet.config.json': CONFIG,
      'schema/a.ts': IMPORTING,
      'lib/cell.ts': 'export interface Cell { one: string }\n',
    })
    expect(read('schema.json')).toContain('One')
    write('lib/cell.ts', 'export interface Cell { two: string }\n')
    await expect.poll(() => read('schema.json'), slow).toContain('Two')
  })

  test('a file that an input imports and that is not there yet', slow, async () => {
    const { write, read, codes } = await follow({ 'rivulet.config.json': CONFIG, 'schema/a.ts': IMPORTING })
    expect(codes()).toEqual(['unknown-type'])
    write('lib/cell.ts', 'export interface Cell { one: string }\n')
    await expect.poll(codes, slow).toEqual([])
    expect(read('schema.json')).toContain('One')
  })

  test('a folder that is renamed, and back', slow, async () => {
    const { root, read, codes } = await follow({
      'rivulet.config.json': CONFIG,
      'schema/a.ts': IMPORTING,
      'lib/cell.ts': 'export interface Cell { one: string }\n',
    })
    renameSync(join(root, 'lib'), join(root, 'away'))
    await expect.poll(codes, slow).toEqual(['unknown-type'])
    expect(read('schema.json')).toContain('One')
    renameSync(join(root, 'away'), join(root, 'lib'))
    await expect.poll(codes, slow).toEqual([])
  })

  test('an input that is one file, whatever its extension', slow, async () => {
    const { write, read } = await follow({
      'rivulet.config.json': JSON.stringify({ source: 'typescript', inputDirs: ['model/board.mts'] }),
      'model/board.mts': state('Aa', 'a: string'),
    })
    write('model/board.mts', state('Bb', 'b: string'))
    await expect.poll(() => read('schema.json'), slow).toContain('BbStore')
  })
})

describe('in Go', () => {
  test('a file that is created, renamed and deleted', slow, async () => {
    const { root, write, read, codes } = await follow(GAME_FILES)
    write('game/row.go', 'package game\n\n// @restream.serializers\ntype Row struct { N int8 }\n')
    await expect.poll(() => read('schema.json'), slow).toContain('"Row"')
    // Of a platform it is not read.
    renameSync(join(root, 'game/row.go'), join(root, 'game/row_linux.go'))
    await expect.poll(() => read('schema.json'), slow).not.toContain('"Row"')
    renameSync(join(root, 'game/row_linux.go'), join(root, 'game/rows.go'))
    await expect.poll(() => read('schema.json'), slow).toContain('"rows.go"')
    rmSync(join(root, 'game/rows.go'))
    await expect.poll(() => read('schema.json'), slow).not.toContain('"Row"')
    expect(codes()).toEqual([])
  })

  test('a package that an input imports and that is not there yet', slow, async () => {
    const { write, read, codes } = await follow({
      ...GAME_FILES,
      'game/a.go':
        'package game\n\nimport "example.com/game/parts"\n\n// @restream.serializers\ntype A struct { P parts.Size }\n',
    })
    expect(codes()).toEqual(['foreign-package'])
    write('parts/parts.go', 'package parts\n\ntype Size uint8\n')
    await expect.poll(codes, slow).toEqual([])
    expect(read('schema.json')).toContain('parts.Size')
  })
})

describe('the Vite plugin in a build', () => {
  const page = { 'index.html': '<script type="module" src="/main.ts"></script>', 'main.ts': "console.log('page')\n" }
  const building = (root: string, options?: Parameters<typeof rivulet>[0]): Promise<unknown> =>
    build({ root, configFile: false, logLevel: 'silent', plugins: [rivulet(options)], build: { write: false } })

  test('generates for a project that is not its root', async () => {
    const host = Object.fromEntries(Object.entries(GAME_FILES).map(([path, text]) => [`host/${path}`, text]))
    const { root, read } = projectFolder({
      ...host,
      'page/index.html': page['index.html'],
      'page/main.ts': page['main.ts'],
    })
    await building(join(root, 'page'), { project: '../host' })
    expect(read('host/schema.json')).toContain('XTurn')
  })

  test('takes the configuration that it is told', async () => {
    const { root, read } = projectFolder({ ...page, ...GAME_FILES, 'other.json': '{ "schema": "made/other.json" }' })
    await building(root, { config: 'other.json' })
    expect(read('made/other.json')).toContain('XTurn')
  })

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a project without a configuration', {}, /neither a rivulet\.config\.ts/],
    [
      'an option that cannot be meant',
      { ...GAME_FILES, 'rivulet.config.json': '{ "outputs": [{ "emit": "typescript", "options": { "wide": 1 } }] }' },
      /the option wide of the output "typescript"/,
    ],
    [
      'several errors, all of them',
      { ...GAME_FILES, 'game/board.go': GAME.replace('bool  ', 'bolt  ').replace('uint8', 'uint9') },
      /board\.go:6:8[^]*board\.go:7:/,
    ],
  ])('fails for %s', async (_, files, message) => {
    const { root } = projectFolder({ ...page, ...files })
    await expect(building(root)).rejects.toThrow(message)
  })

  test('goes on after a warning', async () => {
    const { root, read } = projectFolder({
      ...page,
      ...GAME_FILES,
      'game/p.go': 'package game\n\n// @restream.serializers\ntype P struct { X, Y int8 }\n',
    })
    await building(root)
    expect(read('schema.json')).toContain('"P"')
  })
})
