import { describe, expect, test } from 'vitest'
import { decodeValue, encodeValue, type TypeNode, type Types, zeroOf } from '../src/index.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'

const GO_ZERO = new Date(-62_135_596_800_000)

const TYPES: Types = [
  {
    't.Inner': {
      form: 'flat',
      fields: [
        { name: 'at', type: { kind: 'time' } },
        { name: 'list', type: { kind: 'array', elem: { kind: 'int8' }, notNull: true } },
      ],
    },
    't.All': {
      form: 'fielded',
      fields: [
        { name: 'at', id: 1, type: { kind: 'time' } },
        { name: 'list', id: 2, type: { kind: 'array', elem: { kind: 'int8' } } },
        {
          name: 'map',
          id: 3,
          type: { kind: 'map', key: { kind: 'int8' }, value: { kind: 'int8' } },
        },
        { name: 'bytes', id: 4, type: { kind: 'bytes' } },
        { name: 'any', id: 5, type: { kind: 'any' } },
        { name: 'big', id: 6, type: { kind: 'int64', as: 'bigint' } },
        { name: 'inner', id: 7, type: { kind: 'struct', ref: 't.Inner' } },
        { name: 'sure', id: 8, type: { kind: 'bytes', notNull: true } },
        { name: 'f', id: 9, type: { kind: 'float64' } },
        {
          name: 'twice',
          id: 10,
          type: { kind: 'pointer', elem: { kind: 'pointer', elem: { kind: 'int8' } } },
        },
      ],
    },
  },
]
const ALL: TypeNode = { kind: 'struct', ref: 't.All' }

function read(hex: string): Record<string, unknown> {
  return decodeValue(TYPES, ALL, hexToBytes(hex)) as Record<string, unknown>
}

describe('absent fields', () => {
  test('pitfall 11: they read as the host’s zeros', () => {
    const zero = read('00')
    expect(zero).toEqual({
      at: GO_ZERO,
      list: null,
      map: null,
      bytes: null,
      any: null,
      big: 0n,
      inner: { at: GO_ZERO, list: [] },
      sure: new Uint8Array(0),
      f: 0,
      twice: null,
    })
    expect(zero).toEqual(zeroOf(TYPES, ALL))
  })

  test('pitfall 11: features 4 and 14: null, empty and absent are told apart as far as the wire does', () => {
    expect(read('0402020000')['list']).toEqual([])
    expect(read('03020101')['list']).toBe(null)
    expect(read('0403020000')['map']).toEqual(new Map())
    expect(bytesToHex(encodeValue(TYPES, { kind: 'array', elem: { kind: 'int8' } }, []))).toBe('0000')
    expect(bytesToHex(encodeValue(TYPES, { kind: 'array', elem: { kind: 'int8' } }, null))).toBe('01')
  })

  test('what an owner may change in place is never shared', () => {
    const [a, b] = [read('00'), read('00')]
    for (const key of ['at', 'inner', 'sure']) expect(a[key]).not.toBe(b[key])
    expect((a['inner'] as { list: unknown }).list).not.toBe((b['inner'] as { list: unknown }).list)
  })

  test('feature 6: zeros are left out, other empties are written', () => {
    const inner = { at: new Date(0), list: [] }
    const only = (fields: object): string => bytesToHex(encodeValue(TYPES, ALL, { ...fields }))
    for (const zero of [
      { at: GO_ZERO },
      { list: null },
      { big: 0n },
      { big: 0 },
      { f: 0 },
      { f: -0 },
      { any: null },
      { any: undefined },
      { twice: null },
    ]) {
      expect(only(zero)).toBe('00')
    }
    for (const value of [0, '', false]) {
      const kind = { number: 'int64', string: 'string', boolean: 'bool' }[
        typeof value as 'number' | 'string' | 'boolean'
      ]
      expect(only({ any: { type: { kind }, value } })).toBe('00')
    }
    expect(only({ any: { type: { kind: 'array', elem: { kind: 'int8' } }, value: null } })).toBe('00')
    expect(only({ f: Number.NaN })).toBe('0a0908000000000000f87f')
    expect(only({ list: [] })).toBe('0402020000')
    expect(only({ inner })).toBe('0407020000')
    expect(only({ twice: { value: null } })).toBe('040a020001')
    expect(only({ twice: { value: 0 } })).toBe('050a03000000')
  })
})

describe('floats', () => {
  test.each([
    ['float32', 1.5, '0000c03f'],
    ['float64', -1.43534, '10406a1327f7f6bf'],
    ['float64', -0, '0000000000000080'],
    ['float32', -0, '00000080'],
    ['float64', Number.NEGATIVE_INFINITY, '000000000000f0ff'],
  ] as const)('feature 10: %s %d is %s', (kind, value, hex) => {
    expect(bytesToHex(encodeValue([], { kind }, value))).toBe(hex)
    expect(Object.is(decodeValue([], { kind }, hexToBytes(hex)), value)).toBe(true)
  })

  test('the host’s NaN is read', () => {
    expect(decodeValue([], { kind: 'float64' }, hexToBytes('010000000000f87f'))).toBeNaN()
  })
})
