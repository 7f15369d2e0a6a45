import { describe, expect, test } from 'vitest'
import { memoryTree } from '../../src/index.ts'
import { askedFolders } from '../../src/project/asked-folders.ts'
import { generate, loadConfig } from '../../src/index.ts'
import { GAME_FILES, projectFolder } from '../support/project-folder.ts'

describe('a tree that notes where sources are looked for', () => {
  test('answers as the one that it is made of', () => {
    const inner = memoryTree({ 'a/x.go': 'package a', 'go.mod': 'module m' }, ['host', 'repository'])
    const { tree } = askedFolders(inner)
    expect(tree.above).toEqual(['host', 'repository'])
    expect(tree.readFile('a/x.go')).toBe('package a')
    expect(tree.readFile('a/y.go')).toBeUndefined()
    expect(tree.listFiles('a')).toEqual(['x.go'])
    expect(tree.listFiles('b')).toBeUndefined()
  })

  test('notes folders of files that are there and that are not, each once, and no others', () => {
    const { tree, folders } = askedFolders(memoryTree({ 'a/x.go': 'package a', 'a/b/c.ts': '' }))
    expect(folders()).toEqual([])
    tree.readFile('a/x.go')
    tree.readFile('a/y.go')
    tree.readFile('a/b/c.ts')
    tree.readFile('lib/missing.mts')
    tree.readFile('../go.mod')
    tree.readFile('rivulet.lock.json')
    tree.readFile('main.cts')
    tree.listFiles('parts/')
    tree.listFiles('')
    tree.listFiles('nowhere.ts')
    expect(folders().toSorted()).toEqual(['.', 'a', 'a/b', 'lib', 'parts/'])
  })
})

describe('the folders of a generation', () => {
  const foldersOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
    (await generate(await loadConfig(projectFolder(files).root), { dryRun: true })).folders.toSorted()

  const config = (...inputDirs: readonly string[]): Record<string, string> => ({
    'rivulet.config.json': JSON.stringify({ source: 'typescript', inputDirs }),
  })
  const STATE = '/** @restream.store(Board) */ export interface BoardStoreState { cell: Cell }\n'

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an input folder', { ...config('schema'), 'schema/a.ts': 'export {}\n' }, ['schema']],
    [
      'the folder of an import, and of a re-export behind it',
      {
        ...config('schema'),
        'schema/a.ts': `import type { Cell } from '../lib/cell.ts'\n${STATE}`,
        'lib/cell.ts': "export type { Cell } from '../deep/er/cell.js'\n",
        'deep/er/cell.ts': 'export interface Cell { x: string }\n',
      },
      ['deep/er', 'lib', 'schema'],
    ],
    [
      'the folder of an import that leads to nothing yet',
      { ...config('schema'), 'schema/a.ts': `import type { Cell } from '../soon/cell.ts'\n${STATE}` },
      ['schema', 'soon'],
    ],
    [
      'the folder of an input file, whatever its extension',
      { ...config('one/a.mts', 'two/b.cts', 'c.ts'), 'one/a.mts': '', 'two/b.cts': '', 'c.ts': '' },
      ['.', 'one', 'two'],
    ],
  ])('in TypeScript: %s', async (_, files, folders) => {
    expect(await foldersOf(files)).toEqual(folders)
  })

  test('in Go: of a package that an input imports, there or not', async () => {
    const importing = (path: string): string =>
      `package game\n\nimport "example.com/game/${path}"\n\n// @restream.serializers\ntype A struct { X ${path}.Size }\n`
    const there = { ...GAME_FILES, 'game/a.go': importing('parts'), 'parts/p.go': 'package parts\n\ntype Size int8\n' }
    expect(await foldersOf(there)).toEqual(expect.arrayContaining(['game', 'parts']))
    expect(await foldersOf({ ...GAME_FILES, 'game/a.go': importing('soon') })).toEqual(
      expect.arrayContaining(['game', 'soon']),
    )
  })
})
