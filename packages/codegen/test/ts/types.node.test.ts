import { describe, expect, test } from 'vitest'
import type { SchemaNode } from '../../src/index.ts'
import { readTs } from '../support/read-ts.ts'

const fielded = (type: string, more = ''): string =>
  `/** @restream.fields */\ninterface S {\n  readonly f: ${type}\n}\n${more}`

/** The node of a field of the type. */
function nodeOf(type: string, more = ''): SchemaNode {
  const reading = readTs(fielded(type, more))
  expect(reading.diagnostics).toEqual([])
  return reading.node('S.f')
}

const text: SchemaNode = { kind: 'string' }
const leaf: SchemaNode = { kind: 'struct', ref: 'schema.Leaf' }

describe('types', () => {
  test.each<[string, SchemaNode]>([
    ['boolean', { kind: 'bool' }],
    ['string', text],
    ['number', { kind: 'float64' }],
    ['bigint', { kind: 'int64' }],
    ['unknown', { kind: 'any' }],
    ['Date', { kind: 'time' }],
    ['Uint8Array', { kind: 'array', notNull: true, elem: { kind: 'uint8' } }],
    ['Uint8Array | null', { kind: 'array', elem: { kind: 'uint8' } }],
    ['Uint8Array<ArrayBuffer>', { kind: 'array', notNull: true, elem: { kind: 'uint8' } }],
    ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'] as const).map(
      (kind): [string, SchemaNode] => [kind, { kind }],
    ),
    ['bigint64', { kind: 'int64' }],
    ['biguint64', { kind: 'uint64' }],
    ['millis', { kind: 'time' }],
    ['string | null', { kind: 'pointer', elem: text }],
    ['null | (string)', { kind: 'pointer', elem: text }],
    ['(string | null) | null', { kind: 'pointer', elem: text }],
    ['Date | null', { kind: 'pointer', elem: { kind: 'time' } }],
    ['readonly string[]', { kind: 'array', notNull: true, elem: text }],
    ['string[]', { kind: 'array', notNull: true, elem: text }],
    ['ReadonlyArray<string>', { kind: 'array', notNull: true, elem: text }],
    ['Readonly<Array<string>>', { kind: 'array', notNull: true, elem: text }],
    ['readonly string[] | null', { kind: 'array', elem: text }],
    ['readonly (string | null)[]', { kind: 'array', notNull: true, elem: { kind: 'pointer', elem: text } }],
    ['readonly (readonly int8[] | null)[] | null', { kind: 'array', elem: { kind: 'array', elem: { kind: 'int8' } } }],
    ['ReadonlyMap<int32, boolean>', { kind: 'map', notNull: true, key: { kind: 'int32' }, value: { kind: 'bool' } }],
    ['Map<string, string | null> | null', { kind: 'map', key: text, value: { kind: 'pointer', elem: text } }],
    ['ReadonlySet<uint16>', { kind: 'set', notNull: true, key: { kind: 'uint16' } }],
    ['Set<bigint> | null', { kind: 'set', key: { kind: 'int64' } }],
    ['Box<string | null> | null', { kind: 'pointer', elem: { kind: 'pointer', elem: text } }],
    ['Box<readonly int32[] | null> | null', { kind: 'pointer', elem: { kind: 'array', elem: { kind: 'int32' } } }],
    ['Box<unknown> | null', { kind: 'pointer', elem: { kind: 'any' } }],
    ['Box<string | null>', { kind: 'pointer', notNull: true, elem: { kind: 'pointer', elem: text } }],
    [
      'Box<Box<string | null> | null> | null',
      { kind: 'pointer', elem: { kind: 'pointer', elem: { kind: 'pointer', elem: text } } },
    ],
  ])('%s', (type, node) => expect(nodeOf(type)).toEqual(node))

  test('kinds that JavaScript has two types for say which one is meant, beside the wire', () => {
    const { model } = readTs(
      '/** @restream.fields */ interface S { a: bigint; b: biguint64; c: millis; d: readonly bigint64[]; e: int64 }',
    )
    const nodes = model.packages[0]?.structs[0]?.fields.map(({ node }) => node)
    expect(nodes).toEqual([
      { kind: 'int64', extra: { as: 'bigint' } },
      { kind: 'uint64', extra: { as: 'bigint' } },
      { kind: 'time', extra: { as: 'millis' } },
      { kind: 'array', notNull: true, elem: { kind: 'int64', extra: { as: 'bigint' } } },
      { kind: 'int64' },
    ])
  })

  test.each<[string, string, SchemaNode]>([
    ['Leaf', 'interface Leaf { a: string }', leaf],
    ['Leaf | null', 'type Leaf = { a: string }', { kind: 'pointer', elem: leaf }],
    ['Readonly<Leaf>', 'type Leaf = { a: string } & { b: string }', leaf],
    ['Slot', 'type Slot = uint16', { kind: 'uint16', named: 'schema.Slot' }],
    ['Again', 'type Slot = uint16; type Again = Slot', { kind: 'uint16', named: 'schema.Slot' }],
    ['Maybe', 'type Maybe = string | null', { kind: 'pointer', elem: text }],
    ['Maybe | null', 'type Maybe = string | null', { kind: 'pointer', elem: text }],
    ['Opt<string>', 'type Opt<T> = T | null', { kind: 'pointer', elem: text }],
    ['Opt<readonly string[]>', 'type Opt<T> = T | null', { kind: 'array', elem: text }],
    [
      'Rows<Leaf>',
      'interface Leaf { a: string }\ntype Rows<T> = readonly T[]',
      { kind: 'array', notNull: true, elem: leaf },
    ],
    ['When', 'type When = Date', { kind: 'time' }],
    [
      'ReadonlyMap<Slot, Phase>',
      'type Slot = uint16; enum Phase { Idle }',
      {
        kind: 'map',
        notNull: true,
        key: { kind: 'uint16', named: 'schema.Slot' },
        value: { kind: 'int32', named: 'schema.Phase' },
      },
    ],
  ])('%s with %s', (type, more, node) => expect(nodeOf(type, more)).toEqual(node))

  test('named primitives are in the model, with what they are', () => {
    const { pkg } = readTs(fielded('readonly Slot[]', 'type Slot = uint16\n/** Not used. */ type Other = string'))
    expect(pkg.namedTypes).toEqual([{ name: 'Slot', kind: 'uint16' }])
  })
})

describe('enums', () => {
  const enumOf = (declaration: string) => {
    const reading = readTs(`/** @restream.fields */ interface S { f: E }\n${declaration}`)
    expect(reading.diagnostics).toEqual([])
    const [found, ...others] = reading.pkg.enums
    expect(others).toEqual([])
    expect(reading.node('S.f')).toEqual({ kind: found?.kind, named: 'schema.E' })
    return { kind: found?.kind, members: found?.members.map(({ name, goName, value }) => [name, goName, value]) }
  }

  test.each([
    [
      'enum E { A, B, C = 10, D }',
      'int32',
      [
        ['A', 'EA', 0],
        ['B', 'EB', 1],
        ['C', 'EC', 10],
        ['D', 'ED', 11],
      ],
    ],
    [
      '/** @kind int16 */ enum E { Low = -300, None = 0 }',
      'int16',
      [
        ['Low', 'ELow', -300],
        ['None', 'ENone', 0],
      ],
    ],
    [
      'const enum E { A = 1 << 2, B = A | 1, C = (E.B * 2) }',
      'int32',
      [
        ['A', 'EA', 4],
        ['B', 'EB', 5],
        ['C', 'EC', 10],
      ],
    ],
    [
      'declare enum E { sun = "sun", Half = `half` }',
      'string',
      [
        ['Half', 'EHalf', 'half'],
        ['sun', 'ESun', 'sun'],
      ],
    ],
    ['enum E { A = (~5 % 4) + 2 ** 3 }', 'int32', [['A', 'EA', 6]]],
    ["enum E { 'half-shade' = 1 }", 'int32', [['HalfShade', 'EHalfShade', 1]]],
    [
      "type E = 'sun' | 'half-shade' | ''",
      'string',
      [
        ['Empty', 'EEmpty', ''],
        ['HalfShade', 'EHalfShade', 'half-shade'],
        ['Sun', 'ESun', 'sun'],
      ],
    ],
    [
      '/** @kind int8 */ type E = (2 | -1) | 10',
      'int8',
      [
        ['ValueMinus1', 'EValueMinus1', -1],
        ['Value2', 'EValue2', 2],
        ['Value10', 'EValue10', 10],
      ],
    ],
    ["type E = '3d'", 'string', [['Value3d', 'EValue3d', '3d']]],
    [
      'const E = { Idle: 0, Busy: 1 } as const\ntype E = (typeof E)[keyof typeof E]',
      'int32',
      [
        ['Idle', 'EIdle', 0],
        ['Busy', 'EBusy', 1],
      ],
    ],
    [
      "const Names = { A: 'a' } as const satisfies Record<string, string>\ntype E = typeof Names[keyof typeof Names]",
      'string',
      [['A', 'EA', 'a']],
    ],
    ['/** @kind uint64 */ enum E { Max = 9007199254740991 }', 'uint64', [['Max', 'EMax', 9_007_199_254_740_991]]],
  ])('%s', (declaration, kind, members) => expect(enumOf(declaration)).toEqual({ kind, members }))

  test('an object of another file is found', () => {
    const { errors, pkg } = readTs({
      'schema/a.ts': "import type { Mode } from '../modes.ts'\n/** @restream.fields */ interface S { f: Mode }",
      'modes.ts': "import { Modes } from './values'\nexport type Mode = (typeof Modes)[keyof typeof Modes]",
      'values.ts': 'export const Modes = { Off: 0, On: 1 } as const',
    })
    expect(errors).toEqual([])
    expect(pkg.enums.map(({ name, members }) => [name, members.map((member) => member.value)])).toEqual([
      ['Mode', [0, 1]],
    ])
  })
})
