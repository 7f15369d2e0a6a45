import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diskTree, memoryTree, type SourceTree } from '../../src/index.ts'
import { projectFolder } from '../support/project-folder.ts'

const name = fc.constantFrom('a', 'b', 'B', 'ä', '_x', 'a.go', 'b.ts', 'z y')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))

/** Files that can stand beside each other on a disk: none is the folder of another, none differs in case alone. */
const files = fc.dictionary(path, fc.string(), { maxKeys: 6 }).filter((all) => {
  const paths = Object.keys(all)
  const folded = paths.flatMap((one) => one.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/')))
  return (
    !paths.some((one) => paths.some((other) => other.startsWith(`${one}/`))) &&
    new Set(folded).size === new Set(folded.map((one) => one.toLowerCase())).size
  )
})

test('a tree in memory answers as a folder with the same files does', () => {
  fc.assert(
    fc.property(files, fc.array(path, { maxLength: 4 }), (all, others) => {
      const disk = diskTree(projectFolder(all).root)
      const memory = memoryTree(all)
      const answers = (tree: SourceTree, one: string): unknown => [tree.readFile(one), tree.listFiles(one)]
      const folders = Object.keys(all).flatMap((one) =>
        one.split('/').map((_, at, parts) => parts.slice(0, at).join('/')),
      )
      for (const one of [...Object.keys(all), ...others, ...folders].filter((asked) => asked !== ''))
        expect(answers(memory, one)).toEqual(answers(disk, one))
    }),
    { numRuns: 40 },
  )
})

describe('a tree', () => {
  test('reads what lies outside of the project, too', () => {
    const { root } = projectFolder({ 'go.mod': 'module m\n', 'host/a.go': 'package host\n' })
    const tree = diskTree(`${root}/host`)
    expect(tree.readFile('../go.mod')).toBe('module m\n')
    expect(tree.listFiles('..')).toEqual(['go.mod'])
    expect(tree.above.slice(0, 2)).toEqual(['host', root.split('/').at(-1)])
  })

  test('has no file where a folder is, nor the other way round', () => {
    const { root } = projectFolder({ 'a.go/b.go': 'package b\n' })
    for (const tree of [diskTree(root), memoryTree({ 'a.go/b.go': 'package b\n' })]) {
      expect(tree.readFile('a.go')).toBeUndefined()
      expect(tree.listFiles('a.go')).toEqual(['b.go'])
      expect(tree.listFiles('a.go/b.go')).toBeUndefined()
    }
  })
})
