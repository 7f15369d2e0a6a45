import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type EmittedFile,
  emitGo,
  memoryTree,
  plainSchema,
  readGo,
  type SchemaField,
  type SchemaModel,
  type SchemaPackage,
  type SchemaStruct,
  sortModel,
} from '../../src/index.ts'
import { schemaModel } from '../support/arbitrary-model.ts'
import { writeEmitted } from '../support/emitted.ts'
import { gofmt, goVet } from '../support/go-tool.ts'
import { goldenSchema, shuffled } from '../support/golden-schema.ts'

const options = { importPath: 'example.com/shop', role: 'host' } as const

/** What of a model Go sources say that are written from it. */
function sayable(model: SchemaModel): SchemaModel {
  const { format, packages } = sortModel(plainSchema(model))
  const kept = packages.map((pkg) => ({
    ...pkg,
    // Which constant of an enum the reference exports by itself depends on their order in the source.
    consts: pkg.consts.filter(({ origin }) => origin === 'const'),
    ignoredConsts: [],
    // The functions that register things need no constants.
    streams: undefined,
  }))
  return JSON.parse(JSON.stringify({ format, packages: kept })) as SchemaModel
}

/** {@link sayable}, with packets as the structs that a client has. */
function asStructs(model: SchemaModel): SchemaModel {
  const { format, packages } = sayable(model)
  const kept = packages.map((pkg) => ({
    ...pkg,
    structs: [
      ...pkg.structs,
      ...pkg.packets.map(({ name, flavour, fields }): SchemaStruct => ({ name, flavour, fields, file: '' })),
    ].map((def) => (def.flavour === 'flat' ? { ...def, file: '' } : def)),
    packets: [],
    rpcs: [],
    ffrpcs: [],
    events: [],
    keyedEvents: [],
  }))
  return sortModel({ format, packages: kept })
}

async function readBack(files: readonly EmittedFile[]): Promise<SchemaModel> {
  const dirs = [...new Set(files.map(({ path }) => dirname(path)))]
  const tree = memoryTree({
    'go.mod': 'module example.com/shop\n\ngo 1.23\n',
    'restream.yaml': `inputDirs:\n${dirs.map((dir) => `  - ${dir}\n`).join('')}`,
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
  })
  const { model, diagnostics } = await readGo(tree)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return model
}

describe('Go packages', () => {
  test('of the golden model read as the golden model, ids and all', async () => {
    const golden = goldenSchema()
    expect(sayable(await readBack(emitGo(golden, options)))).toEqual(sayable(golden))
  })

  test('of random models read as the models, calls and events and all', async () => {
    await fc.assert(
      fc.asyncProperty(schemaModel({ beyondGo: false }), async (model) => {
        expect(sayable(await readBack(emitGo(model, options)))).toEqual(sayable(model))
      }),
      { numRuns: 60 },
    )
  })

  test('for a client have the packets as structs of the same bytes', async () => {
    const client = { ...options, role: 'client' } as const
    const golden = goldenSchema()
    expect(asStructs(await readBack(emitGo(golden, client)))).toEqual(asStructs(golden))
    await fc.assert(
      fc.asyncProperty(schemaModel({ beyondGo: false }), async (model) => {
        expect(asStructs(await readBack(emitGo(model, client)))).toEqual(asStructs(model))
      }),
      { numRuns: 30 },
    )
  })

  test('do not depend on the order of the model', () => {
    const golden = goldenSchema()
    for (let turn = 0; turn < 5; turn++)
      expect(emitGo(shuffled(golden, turn), options)).toEqual(emitGo(golden, options))
  })

  test('are as gofmt has them', () => {
    fc.assert(
      fc.property(schemaModel({ beyondGo: false }), (model) => {
        for (const { text } of emitGo(model, options)) expect(gofmt(text)).toBe(text)
      }),
      { numRuns: 15 },
    )
    for (const role of ['client', 'host'] as const)
      for (const { path, text } of emitGo(goldenSchema(), { ...options, role }))
        expect(gofmt(text), `the file ${path}`).toBe(text)
  })

  test.each(['client', 'host'] as const)('for a %s are content with go vet', (role) => {
    const garden = { importPath: 'example.com/garden', role }
    const files = emitGo(goldenSchema(), garden)
    // The structs of a client are what the reference generator makes of a host's registrations.
    const packets = emitGo(goldenSchema(), { ...garden, role: 'client' }).filter(({ path }) => path.includes('packets'))
    expect(packets).not.toEqual([])
    const folder = writeEmitted([...files, ...packets])
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // The reference's library and what its generator would add, as far as the compiler asks for them.
    const library = 'github.com/boatkit-io/restream'
    put('lib/go.mod', `module ${library}\n\ngo 1.23\n`)
    put(
      'lib/pkg/restream/restream.go',
      [
        'package restream',
        'import "reflect"',
        'type AccessLevel int',
        'type StoreData[S, P, D any] struct{}',
        'type RPCDispatcher struct{}',
        'func (d *RPCDispatcher) RegisterRPCHandler(name string, level AccessLevel, handler any, request, response reflect.Type) {}',
        'func (d *RPCDispatcher) RegisterFFRPCHandler(name string, level AccessLevel, handler any, request reflect.Type) {}',
        'type EventDispatcher struct{}',
        'func (d *EventDispatcher) RegisterEvent(name string, event any, packet, callback reflect.Type) {}',
        'func (d *EventDispatcher) RegisterKeyedEvent(name string, event any, store string, packet, callback reflect.Type) {}',
      ].join('\n'),
    )
    const events = 'github.com/boatkit-io/tugboat'
    put('events/go.mod', `module ${events}\n\ngo 1.23\n`)
    put(
      'events/pkg/subscribableevent/event.go',
      'package subscribableevent\n\ntype Event[F any] struct{ f []F }\n\nfunc NewEvent[F any]() Event[F] { return Event[F]{} }\n',
    )
    const needs = [`require ${library} v0.0.0`, `replace ${library} => ./lib`]
    needs.push(`require ${events} v0.0.0`, `replace ${events} => ./events`)
    put('go.mod', `module example.com/garden\n\ngo 1.23\n\n${needs.join('\n\n')}\n`)
    expect(goVet(folder)).toBe('')
  })
})

const field = (goName: string, rest: Omit<SchemaField, 'goName' | 'tsName'>): SchemaField => ({
  goName,
  tsName: goName.toLowerCase(),
  ...rest,
})

const struct = (name: string, file: string, fields: readonly SchemaField[]): SchemaStruct => ({
  name,
  flavour: 'partial',
  file,
  maxFieldID: 9,
  fields,
})

function modelOf(...packages: readonly Partial<SchemaPackage>[]): SchemaModel {
  const empty = {
    enums: [],
    namedTypes: [],
    consts: [],
    ignoredConsts: [],
    structs: [],
    packets: [],
    stores: [],
    rpcs: [],
    ffrpcs: [],
    events: [],
    keyedEvents: [],
  }
  return {
    format: 'restream-schema/1',
    packages: packages.map((pkg) => ({ name: 'shop', tsFile: 'shop.ts', ...empty, ...pkg })),
  }
}

const text = { kind: 'string' } as const
const leaf = struct('Leaf', 'leaf.ts', [
  field('Name', { id: 1, node: text, partial: { helper: 'scalar', value: text } }),
])
const ofLeaf = { kind: 'struct', ref: 'shop.Leaf' } as const
const holder = (nested: boolean, file: string): SchemaStruct =>
  struct('Tree', file, [
    field('Leaf', {
      id: 3,
      node: ofLeaf,
      partial: nested ? { helper: 'value', value: ofLeaf, sub: 'shop.Leaf' } : { helper: 'scalar', value: ofLeaf },
    }),
  ])

describe('a TypeScript model in Go', () => {
  test('has the structs that deltas reach through in one file, wherever they were', () => {
    const files = emitGo(modelOf({ structs: [leaf, holder(true, 'tree-of-leaves.ts')] }), options)
    expect(files.map(({ path }) => path)).toEqual(['shop/treeofleaves.go'])
    expect(files[0]?.text).toBe(
      [
        'package shop',
        '',
        '// @restream.partials',
        'type Leaf struct {',
        '\t// MAXFIELD(9)',
        '\tName string `restream:",fID=1"`',
        '}',
        '',
        '// @restream.partials',
        'type Tree struct {',
        '\t// MAXFIELD(9)',
        '\tLeaf Leaf `restream:",fID=3"`',
        '}',
        '',
      ].join('\n'),
    )
  })

  test('keeps those apart that deltas replace whole', () => {
    const files = emitGo(modelOf({ structs: [leaf, holder(false, 'tree.ts')] }), options)
    expect(files.map(({ path }) => path)).toEqual(['shop/leaf.go', 'shop/tree.go'])
    expect(() => emitGo(modelOf({ structs: [leaf, holder(false, 'leaf.ts')] }), options)).toThrow(
      expect.objectContaining({ code: 'schema', hint: 'Declare shop.Leaf in another source file.' }),
    )
  })

  test('gives files with like names different ones', () => {
    const other = { ...leaf, name: 'Other', file: 'le-af.ts' }
    const files = emitGo(modelOf({ structs: [leaf, other] }), options)
    expect(files.map(({ path }) => path)).toEqual(['shop/leaf.go', 'shop/leaf2.go'])
  })

  const cases: readonly (readonly [string, SchemaModel, string])[] = [
    ['a name that Go does not export', modelOf({ namedTypes: [{ name: 'slot', kind: 'uint8' }] }), '"slot" is no name'],
    ['a package named as a keyword', modelOf({ name: 'func', structs: [] }), '"func" cannot be'],
    [
      'a mark that no tag reaches',
      modelOf({
        structs: [
          {
            name: 'Deep',
            flavour: 'flat',
            file: 'a.ts',
            fields: [
              field('List', {
                node: {
                  kind: 'array',
                  elem: { kind: 'array', elem: { kind: 'array', notNull: true, elem: text } },
                },
              }),
            ],
          },
        ],
      }),
      'shop.Deep.List is never null at a depth',
    ],
    [
      'packages that need each other',
      modelOf(
        {
          structs: [
            struct('A', 'a.ts', [
              field('B', { id: 1, node: { kind: 'pointer', elem: { kind: 'struct', ref: 'yard.B' } } }),
            ]),
          ],
        },
        {
          name: 'yard',
          structs: [
            struct('B', 'b.ts', [
              field('A', { id: 1, node: { kind: 'pointer', elem: { kind: 'struct', ref: 'shop.A' } } }),
            ]),
          ],
        },
      ),
      'the packages shop → yard → shop need each other',
    ],
    [
      'a store called like a struct',
      modelOf({
        structs: [leaf],
        stores: [{ goStruct: 'Leaf', name: 'Leaf', type: 'CloudOnly', minimumAccess: 0, state: 'shop.Leaf' }],
      }),
      'are both called shop.Leaf',
    ],
    [
      'a store that no annotation can name',
      modelOf({
        structs: [leaf],
        stores: [{ goStruct: 'Tree', name: 'a(b)', type: 'CloudOnly', minimumAccess: 0, state: 'shop.Leaf' }],
      }),
      'has a name that no annotation can have',
    ],
  ]

  test.each(cases)('cannot have %s', (_, model, message) => {
    expect(() => emitGo(model, options)).toThrow(
      expect.objectContaining({ code: 'schema', message: expect.stringContaining(message), hint: expect.any(String) }),
    )
  })
})
