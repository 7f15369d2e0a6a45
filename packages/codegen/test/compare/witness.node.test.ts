import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, type TypeNode, type Types } from '@rivulet/wire'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import {
  compareSchemas,
  type Finding,
  partialShape,
  type SchemaModel,
  type SchemaNode,
  wireTypes,
} from '../../src/index.ts'

const flag = { notNull: true } as const
const kinds = [
  'bool',
  'string',
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
] as const

/** Types of every kind, each with those that could be taken for it. */
const NODES: readonly SchemaNode[] = [
  ...kinds.map((kind) => ({ kind })),
  { kind: 'time' },
  { kind: 'any' },
  { kind: 'uint16', named: 's.Code' },
  { kind: 'pointer', elem: { kind: 'uint16' } },
  { kind: 'pointer', elem: { kind: 'uint16' }, ...flag },
  { kind: 'pointer', elem: { kind: 'pointer', elem: { kind: 'uint16' } } },
  { kind: 'array', elem: { kind: 'uint8' } },
  { kind: 'array', elem: { kind: 'uint16' } },
  { kind: 'array', elem: { kind: 'uint16' }, ...flag },
  { kind: 'array', elem: { kind: 'pointer', elem: { kind: 'uint16' } } },
  { kind: 'map', key: { kind: 'uint8' }, value: { kind: 'string' } },
  { kind: 'map', key: { kind: 'uint16' }, value: { kind: 'string' } },
  { kind: 'set', key: { kind: 'uint16' } },
  { kind: 'struct', ref: 's.Flat' },
  { kind: 'struct', ref: 's.Same' },
  { kind: 'struct', ref: 's.Wider' },
  { kind: 'struct', ref: 's.Fielded' },
]

const field = (goName: string, node: SchemaNode, id?: number) => ({
  goName,
  tsName: goName.toLowerCase(),
  node,
  ...(id === undefined ? {} : { id }),
})

/** A schema with one struct that holds `node`, flat or with ids. */
function schemaOf(node: SchemaNode, flavour: 'flat' | 'fielded'): SchemaModel {
  const common = { file: 's.go' }
  const pair = (kind: 'int16' | 'int32') => [field('X', { kind: 'bool' }), field('Y', { kind })]
  const id = flavour === 'flat' ? undefined : 1
  return {
    format: 'restream-schema/1',
    packages: [
      {
        name: 's',
        tsFile: 'PackageS.ts',
        enums: [],
        namedTypes: [{ name: 'Code', kind: 'uint16' }],
        consts: [],
        ignoredConsts: [],
        structs: [
          { ...common, name: 'Box', flavour, maxFieldID: 1, fields: [field('V', node, id)] },
          { ...common, name: 'Flat', flavour: 'flat', fields: pair('int16') },
          { ...common, name: 'Same', flavour: 'flat', fields: pair('int16') },
          { ...common, name: 'Wider', flavour: 'flat', fields: pair('int32') },
          {
            ...common,
            name: 'Fielded',
            flavour: 'fielded',
            maxFieldID: 2,
            fields: [field('X', { kind: 'bool' }, 1), field('Y', { kind: 'int16' }, 2)],
          },
        ],
        packets: [],
        stores: [],
        rpcs: [],
        ffrpcs: [],
        events: [],
        keyedEvents: [],
      },
    ],
  }
}

const BOX: TypeNode = { kind: 'struct', ref: 's.Box' }

/** Values of a type, with the ends of its range among them. */
function samples(types: Types): unknown[] {
  const type = types[0]?.['s.Box']?.fields[0]?.type as TypeNode
  const width = /^(u?)int(\d+)$/.exec(type.kind)
  const ends =
    width === null
      ? []
      : width[1] === 'u'
        ? [0n, (1n << BigInt(width[2] ?? 0)) - 1n]
        : [-(1n << (BigInt(width[2] ?? 0) - 1n)), (1n << (BigInt(width[2] ?? 0) - 1n)) - 1n]
  const wide = type.kind.endsWith('64')
  const values = [
    ...ends.map((end) => (wide ? end : Number(end))),
    ...fc.sample(valueOf(types, type), { numRuns: 60, seed: 7 }),
  ]
  return values.map((v) => ({ v }))
}

/** Go's form of the lowest value of a narrow signed integer (wire.md §1). */
const GO_MINIMUM: Readonly<Record<string, readonly number[]>> = {
  int8: [0xc0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f],
  int16: [0xc0, 0x80, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f],
  int32: [0xc0, 0x80, 0x00, 0x80, 0xf8, 0xff, 0xff, 0xff, 0x1f],
}

const spell = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint'
      ? Number(part)
      : part instanceof Map || part instanceof Set
        ? [part.constructor.name, ...part]
        : part instanceof Uint8Array
          ? ['bytes', ...part]
          : part,
  )

/** Whether everything that `writer` writes is read by `reader` as it was. */
function arrives(writer: SchemaModel, reader: SchemaModel, flavour: 'flat' | 'fielded'): boolean {
  const from: Types = [wireTypes(writer, { wide: 'bigint' })]
  const to: Types = [wireTypes(reader, { wide: 'bigint' })]
  const survives = (bytes: Uint8Array): boolean => {
    const meant = spell(decodeValue(from, BOX, bytes))
    try {
      return spell(decodeValue(to, BOX, bytes)) === meant
    } catch {
      return false
    }
  }
  const node = writer.packages[0]?.structs[0]?.fields[0]?.node
  const isPair = node?.kind === 'struct' && (node.ref === 's.Flat' || node.ref === 's.Same')
  const minimum = isPair ? [0, ...(GO_MINIMUM['int16'] ?? [])] : GO_MINIMUM[node?.kind ?? '']
  const size = minimum?.length ?? 0
  const entry = minimum === undefined ? [] : flavour === 'flat' ? [minimum] : [[size + 2, 1, size, ...minimum]]
  return [
    ...samples(from).map((value) => encodeValue(from, BOX, value)),
    ...entry.map((bytes) => Uint8Array.from(bytes)),
  ].every(survives)
}

function claims(findings: readonly Finding[]): { old: boolean; fresh: boolean } {
  const has = (readers: string): boolean => findings.some(({ severity }) => [readers, 'breaks-both'].includes(severity))
  return { old: has('breaks-old-readers'), fresh: has('breaks-new-readers') }
}

// A pair is reported by comparing schemas, and checked by sending values: what is said to arrive does, and what is said to break has a value that does.
describe.each(['flat', 'fielded'] as const)('a field of a %s struct that changes its type', (flavour) => {
  const named = NODES.map((node) => [JSON.stringify(node), node] as const)

  test.each(named)('from %s to every other', (_, node) => {
    for (const other of NODES) {
      const [before, after] = [schemaOf(node, flavour), schemaOf(other, flavour)]
      const { old, fresh } = claims(compareSchemas(before, after))
      const pair = `${JSON.stringify(node)} → ${JSON.stringify(other)}`
      expect(fresh, `new readers of ${pair}`).toBe(!arrives(before, after, flavour))
      expect(old, `old readers of ${pair}`).toBe(!arrives(after, before, flavour))
    }
  })
})

describe('deltas', () => {
  test('the shape of a field of every type is compared with that of every other', () => {
    const partial = (node: SchemaNode): SchemaModel => {
      const [pkg] = schemaOf(node, 'fielded').packages
      const structs = pkg?.structs.map((struct) => ({
        ...struct,
        ...(struct.name === 'Box' ? { flavour: 'partial' as const } : {}),
        fields: struct.fields.map((one) =>
          struct.name === 'Box' ? { ...one, partial: partialShape(one.node, () => false) } : one,
        ),
      }))
      return {
        format: 'restream-schema/1',
        packages: [{ ...(pkg as SchemaModel['packages'][number]), structs: structs ?? [] }],
      }
    }
    const pointer = partial({ kind: 'pointer', elem: { kind: 'uint16' }, ...flag })
    // In a state the two are the same bytes; in a delta only the pointer has an inner flag.
    const findings = compareSchemas(pointer, partial({ kind: 'uint16' }))
    expect(findings.map(({ code }) => code)).toEqual(['delta-layout'])
  })
})
