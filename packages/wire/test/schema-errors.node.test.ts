import { describe, expect, test } from 'vitest'
import {
  decodeValue,
  encodeValue,
  type StructDef,
  type TypeNode,
  type Types,
  validateTypes,
  zeroOf,
} from '../src/index.ts'
import { modelTypes } from './support/model.ts'
import { refusalOf } from './support/refusal-of.ts'

const INT: TypeNode = { kind: 'int32' }

const table = (defs: Readonly<Record<string, unknown>>): Types => [defs as Record<string, StructDef>]

const P: StructDef = { form: 'partial', fields: [{ name: 'n', id: 1, type: INT }] }

const WRONG: readonly (readonly [string, Types, string | undefined, string])[] = [
  ['a missing id', table({ 't.A': { form: 'fielded', fields: [{ name: 'n', type: INT }] } }), 'n', 'needs an id'],
  [
    'a duplicate id',
    table({
      't.A': {
        form: 'fielded',
        fields: [
          { name: 'm', id: 4, type: INT },
          { name: 'n', id: 4, type: INT },
        ],
      },
    }),
    'n',
    'have id 4',
  ],
  ['id 0', table({ 't.A': { form: 'fielded', fields: [{ name: 'n', id: 0, type: INT }] } }), 'n', 'between 1 and 255'],
  [
    'id 256',
    table({ 't.A': { form: 'partial', fields: [{ name: 'n', id: 256, type: INT }] } }),
    'n',
    'between 1 and 255',
  ],
  [
    'id 1.5',
    table({ 't.A': { form: 'partial', fields: [{ name: 'n', id: 1.5, type: INT }] } }),
    'n',
    'between 1 and 255',
  ],
  [
    'a name used twice',
    table({
      't.A': {
        form: 'flat',
        fields: [
          { name: 'n', type: INT },
          { name: 'n', type: INT },
        ],
      },
    }),
    'n',
    'two fields',
  ],
  [
    'a field without a name',
    table({ 't.A': { form: 'flat', fields: [{ name: '', type: INT }] } }),
    undefined,
    'no name',
  ],
  [
    'an unknown struct',
    table({
      't.A': { form: 'flat', fields: [{ name: 'n', type: { kind: 'struct', ref: 't.Gone' } }] },
    }),
    'n',
    '"t.Gone"',
  ],
  [
    'an unknown struct behind a list',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'array', elem: { kind: 'struct', ref: 'toString' } } }],
      },
    }),
    'n',
    '"toString"',
  ],
  [
    'an unknown kind',
    table({ 't.A': { form: 'flat', fields: [{ name: 'n', type: { kind: 'int128' } }] } }),
    'n',
    '"int128"',
  ],
  ['no type at all', table({ 't.A': { form: 'flat', fields: [{ name: 'n' }] } }), 'n', 'unknown kind'],
  ['an unknown form', table({ 't.A': { form: 'round', fields: [] } }), undefined, '"round"'],
  [
    'a key that is a struct',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'map', key: { kind: 'struct', ref: 't.A' }, value: INT } }],
      },
    }),
    'n',
    'key',
  ],
  [
    'a key that is a time',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'set', key: { kind: 'time' } } }],
      },
    }),
    'n',
    'key',
  ],
  [
    'a list of uint8',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'array', elem: { kind: 'uint8' } } }],
      },
    }),
    'n',
    '"bytes"',
  ],
  [
    'a list of nothing',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'array', elem: { kind: 'struct', ref: 't.E' } } }],
      },
      't.E': { form: 'flat', fields: [] },
    }),
    'n',
    'no bytes',
  ],
  [
    'mod in a flat struct',
    table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'n', type: { kind: 'struct', ref: 't.P' }, mod: true }],
      },
      't.P': P,
    }),
    'n',
    '`mod`',
  ],
  [
    'mod in a fielded struct',
    table({
      't.A': {
        form: 'fielded',
        fields: [{ name: 'n', id: 1, type: { kind: 'struct', ref: 't.P' }, mod: true }],
      },
      't.P': P,
    }),
    'n',
    '`mod`',
  ],
  [
    'mod above a number',
    table({ 't.A': { form: 'partial', fields: [{ name: 'n', id: 1, type: INT, mod: true }] } }),
    'n',
    '`mod`',
  ],
  [
    'mod above a flat struct',
    table({
      't.A': {
        form: 'partial',
        fields: [{ name: 'n', id: 1, type: { kind: 'struct', ref: 't.F' }, mod: true }],
      },
      't.F': { form: 'flat', fields: [] },
    }),
    'n',
    '`mod`',
  ],
  [
    'a struct inside itself',
    table({
      't.A': {
        form: 'fielded',
        fields: [{ name: 'n', id: 1, type: { kind: 'struct', ref: 't.A' } }],
      },
    }),
    'n',
    'itself',
  ],
  [
    'a struct inside itself by way of another',
    table({
      't.A': { form: 'flat', fields: [{ name: 'n', type: { kind: 'struct', ref: 't.B' } }] },
      't.B': {
        form: 'flat',
        fields: [
          {
            name: 'm',
            type: { kind: 'pointer', notNull: true, elem: { kind: 'struct', ref: 't.A' } },
          },
        ],
      },
    }),
    'n',
    'itself',
  ],
]

describe('a wrong descriptor is refused before anything is read', () => {
  test.each(WRONG)('%s', (_, types, field, text) => {
    const node: TypeNode = { kind: 'struct', ref: 't.A' }
    for (const run of [
      () => validateTypes(types),
      () => decodeValue(types, node, new Uint8Array(100)),
      () => encodeValue(types, node, {}),
      () => zeroOf(types, node),
    ]) {
      const error = refusalOf(run)
      expect(error.code).toBe('schema')
      expect(error.message).toContain('struct "t.A"')
      expect(error.message).toContain(text)
      expect(error.path).toEqual(field === undefined ? [] : [field])
    }
  })

  test('a wrong struct behind a pointer is refused when it is met, and by validateTypes at once', () => {
    const types = table({
      't.A': {
        form: 'flat',
        fields: [{ name: 'b', type: { kind: 'pointer', elem: { kind: 'struct', ref: 't.B' } } }],
      },
      't.B': { form: 'fielded', fields: [{ name: 'n', type: INT }] },
    })
    expect(refusalOf(() => validateTypes(types)).message).toContain('struct "t.B"')
    expect(refusalOf(() => decodeValue(types, { kind: 'struct', ref: 't.A' }, new Uint8Array(9))).code).toBe('schema')
  })

  test('types that stand alone are checked too', () => {
    const deep = Array.from({ length: 100_000 }).reduce<TypeNode>((elem) => ({ kind: 'pointer', elem }), INT)
    for (const node of [
      deep,
      { kind: 'array', elem: { kind: 'uint8' } },
      { kind: 'struct', ref: 't.Gone' },
      { kind: 'odd' },
    ] as TypeNode[]) {
      expect(refusalOf(() => decodeValue([], node, new Uint8Array(9))).code).toBe('schema')
      expect(refusalOf(() => encodeValue([], node, null)).code).toBe('schema')
    }
  })
})

describe('a right descriptor is accepted', () => {
  test('the golden model', () => {
    expect(() => validateTypes(modelTypes('number'))).not.toThrow()
  })

  test('recursion behind a pointer, a list or a map', () => {
    const types = table({
      't.A': {
        form: 'partial',
        fields: [
          {
            name: 'p',
            id: 1,
            type: { kind: 'pointer', elem: { kind: 'struct', ref: 't.A' } },
            mod: true,
          },
          {
            name: 'l',
            id: 2,
            type: { kind: 'array', elem: { kind: 'struct', ref: 't.A' }, notNull: true },
            mod: true,
          },
          {
            name: 'm',
            id: 255,
            type: { kind: 'map', key: { kind: 'bool' }, value: { kind: 'struct', ref: 't.A' } },
          },
        ],
      },
    })
    expect(() => validateTypes(types)).not.toThrow()
  })
})

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1)

describe('names that mean something to JavaScript', () => {
  const fields = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', 'then'].map((name, i) => ({
    name,
    id: i + 1,
    type: INT,
  }))
  const flat = fields.map(({ name, type }) => ({ name, type }))
  const types = table({
    't.Fielded': { form: 'fielded', fields },
    't.Flat': { form: 'flat', fields: flat },
  })

  test.each(['t.Fielded', 't.Flat'])('%s keeps them as plain own properties', (ref) => {
    const node: TypeNode = { kind: 'struct', ref }
    const value = Object.fromEntries(fields.map((f, i) => [f.name, i + 1]))
    // Often enough for the struct to count as frequent.
    for (let i = 0; i < 200; i++) {
      const got = decodeValue(types, node, encodeValue(types, node, value)) as object
      expect(Object.getPrototypeOf(got)).toBe(Object.prototype)
      expect(Object.entries(got).toSorted(byName)).toEqual(Object.entries(value).toSorted(byName))
    }
    const zero = zeroOf(types, node) as object
    expect(Object.getPrototypeOf(zero)).toBe(Object.prototype)
    expect(Object.entries(zero).toSorted(byName)).toEqual(fields.map((f) => [f.name, 0]).toSorted(byName))
  })
})
