import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  memoryTree,
  partialShape,
  plainSchema,
  readGo,
  type SchemaNode,
  type SourceTree,
  tsName,
} from '../../src/index.ts'
import { gofmt } from '../support/go-tool.ts'
import { projectArbitrary, type RandomProject } from '../support/random-project.ts'

const treeOf = (project: RandomProject): SourceTree =>
  memoryTree({
    'go.mod': 'module example.com/random\n',
    'restream.yaml': `inputDirs:\n${project.packages.map(({ name }) => `  - ${name}\n`).join('')}`,
    ...project.files,
  })

function expected({ packages }: RandomProject, ids: 'given' | 'assigned') {
  const structs = packages.flatMap((pkg) => pkg.structs.map((struct) => ({ pkg: pkg.name, ...struct })))
  return packages.map((pkg) => ({
    name: pkg.name,
    structs: pkg.structs
      .map((struct) => {
        let max = struct.maxField
        const nests = (ref: string): boolean =>
          struct.flavour === 'partial' &&
          structs.some(
            (other) =>
              `${other.pkg}.${other.name}` === ref &&
              other.pkg === pkg.name &&
              other.file === struct.file &&
              other.flavour === 'partial',
          )
        const fields = struct.fields.map((field) => {
          const id = field.id ?? (ids === 'assigned' && struct.flavour !== 'flat' ? (max += 1) : undefined)
          return {
            goName: field.name,
            tsName: tsName(field.name),
            ...(id === undefined ? {} : { id }),
            node: field.node,
            ...(struct.flavour === 'partial' ? { partial: partialShape(field.node, nests) } : {}),
          }
        })
        return {
          name: struct.name,
          flavour: struct.flavour,
          file: struct.file,
          ...(struct.flavour === 'flat' ? {} : { maxFieldID: max }),
          fields,
        }
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }))
}

const shown = (model: { packages: readonly { name: string; structs: unknown }[] }) =>
  model.packages.map(({ name, structs }) => ({ name, structs }))

test('random packages read as the model they were written from', async () => {
  await fc.assert(
    fc.asyncProperty(projectArbitrary({ withIds: true }), async (project) => {
      const { model, diagnostics } = await readGo(treeOf(project))
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(shown(plainSchema(model))).toEqual(expected(project, 'given'))
    }),
    { numRuns: 150 },
  )
})

test('random packages without ids get them in order, and read the same after the edits', async () => {
  await fc.assert(
    fc.asyncProperty(projectArbitrary({ withIds: false }), async (project) => {
      const tree = treeOf(project)
      const first = await readGo(tree, { assignIds: true })
      expect(first.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(shown(plainSchema(first.model))).toEqual(expected(project, 'assigned'))
      const edited: SourceTree = { ...tree, readFile: (path) => first.edits.get(path) ?? tree.readFile(path) }
      const second = await readGo(edited, { assignIds: true })
      expect(second.edits.size).toBe(0)
      expect(plainSchema(second.model)).toEqual(plainSchema(first.model))
      // Only tags and MAXFIELD comments were written.
      const without = (text: string): string =>
        text
          .replaceAll(/\n\s*\/\/ MAXFIELD\(\d+\)/g, '')
          .replaceAll(/,fID=\d+/g, '')
          .replaceAll(/(restream:)?",?"/g, '')
          .replaceAll(/ ?`\s*`/g, '')
      for (const [path, text] of first.edits) expect(without(text)).toBe(without(tree.readFile(path) as string))
    }),
    { numRuns: 100 },
  )
})

test('any text at all ends in diagnostics, not in an exception', async () => {
  const word = fc.constantFrom(
    ...'package shop type struct { } ( ) [ ] * map func chan interface const var = , . : " ` ~ := iota A B C int string restream'.split(
      ' ',
    ),
    '\n',
    '// @restream.partials\n',
    '// @restream.store(A, ',
    '`restream:",fID=',
    'd.RegisterRPCHandler("A", 0, ',
    'd.RegisterKeyedEvent(',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(word, fc.string({ maxLength: 3 })), { maxLength: 60 }), async (words) => {
      const { diagnostics } = await readGo(
        memoryTree({ 'go.mod': 'module m', 'a/a.go': `package a\n${words.join(' ')}` }),
        {
          inputDirs: ['a'],
          assignIds: true,
        },
      )
      for (const { file, line, column, message, hint } of diagnostics) {
        expect({
          file,
          line: line >= 0,
          column: column >= 0,
          message: message.length > 0,
          hint: hint.endsWith('.'),
        }).toEqual({
          file: expect.any(String) as string,
          line: true,
          column: true,
          message: true,
          hint: true,
        })
      }
    }),
    { numRuns: 300 },
  )
})

test('the random packages are Go', () => {
  fc.assert(
    fc.property(projectArbitrary({ withIds: true }), (project) => {
      for (const text of Object.values(project.files)) expect(gofmt(text)).toMatch(/^package pkg/)
    }),
    { numRuns: 10 },
  )
})

test('the generator of projects makes every kind of node', () => {
  const kinds = new Set<string>()
  const walk = (node: SchemaNode): void => {
    kinds.add(node.kind)
    if (node.kind === 'pointer' || node.kind === 'array') walk(node.elem)
    if (node.kind === 'map') walk(node.value)
  }
  for (const project of fc.sample(projectArbitrary({ withIds: true }), { numRuns: 200, seed: 7 }))
    for (const field of project.packages.flatMap(({ structs }) => structs.flatMap((struct) => struct.fields)))
      walk(field.node)
  expect([...kinds].toSorted()).toEqual([
    'any',
    'array',
    'bool',
    'float32',
    'float64',
    'int16',
    'int32',
    'int64',
    'int8',
    'map',
    'pointer',
    'set',
    'string',
    'struct',
    'time',
    'uint16',
    'uint32',
    'uint64',
    'uint8',
  ])
})
