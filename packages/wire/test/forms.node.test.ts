import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeValue,
  dynamic,
  type DynamicValue,
  encodeValue,
  structOf,
  type TypeNode,
  type Types,
} from '../src/index.ts'
import { modelTypes, structNode, values } from './support/model.ts'
import { bytesToHex, comparable, fromNeutral, hexToBytes } from './support/neutral.ts'

// Each form of the wire with the bytes that the specification gives for it.

const text = { kind: 'string' } as const
const int32 = { kind: 'int32' } as const
const struct = (ref: string): TypeNode => ({ kind: 'struct', ref })

const types: Types = [
  {
    't.Flat': {
      form: 'flat',
      fields: [
        { name: 'a', type: int32 },
        { name: 'b', type: text },
        { name: 'c', type: { kind: 'bool' } },
      ],
    },
    't.Leaf': {
      form: 'fielded',
      fields: [
        { name: 'count', id: 1, type: { kind: 'uint32' } },
        { name: 'name', id: 2, type: text },
        { name: 'id', wire: 'ID', id: 3, type: { kind: 'int64' } },
        { name: 'urlPath', wire: 'URLPath', id: 4, type: text },
      ],
    },
    't.Hue': { form: 'flat', fields: [{ name: 'hue', type: { kind: 'uint8', named: 'paint.Hue' } }] },
    't.Any': { form: 'fielded', fields: [{ name: 'any', id: 1, type: { kind: 'any' } }] },
  },
]

const encode = (node: TypeNode, value: unknown): string => bytesToHex(encodeValue(types, node, value))
const decode = (node: TypeNode, hex: string): unknown => decodeValue(types, node, hexToBytes(hex))

/** The bytes of `value`, which has come back from them. */
function travel(node: TypeNode, value: unknown): string {
  const hex = encode(node, value)
  expect(decode(node, hex)).toStrictEqual(value)
  return hex
}

describe('structs', () => {
  test('feature 1: a flat struct is its fields, one after the other', () => {
    expect(travel(struct('t.Flat'), { a: -2, b: 'hi', c: true })).toBe('42 02 68 69 01'.replaceAll(' ', ''))
  })

  test('feature 2: a fielded struct has its length, then an id and a length per field', () => {
    const leaf = { count: 7, name: 'abc', id: -1, urlPath: '/x' }
    expect(travel(struct('t.Leaf'), leaf)).toBe('11 010107 020403616263 030141 0403022f78'.replaceAll(' ', ''))
  })

  test('features 2 and 6: an empty one is a length of zero', () => {
    expect(travel(struct('t.Leaf'), { count: 0, name: '', id: 0, urlPath: '' })).toBe('00')
  })

  test('feature 21: a struct with type arguments is flat, and each field says which', () => {
    const model = modelTypes('bigint')
    const user = values.filter((v) => v.type === 'glass.DuoHolder')
    const used = structOf(model, 'glass.DuoHolder').fields.map(({ type }) => {
      const node = type.kind === 'pointer' ? type.elem : type
      return node.kind === 'struct' ? node.ref : ''
    })
    expect(new Set(used).size).toBe(2)
    expect(used.map((ref) => structOf(model, ref).form)).toEqual(['flat', 'flat'])
    expect(user.length).toBeGreaterThan(2)
    for (const v of user) {
      const node = structNode(v.type)
      const value = fromNeutral(model, node, v.value)
      const got = decodeValue(model, node, hexToBytes(v.hex))
      expect(comparable(model, node, got)).toEqual(comparable(model, node, value))
      expect(decodeValue(model, node, encodeValue(model, node, value))).toEqual(value)
    }
  })
})

describe('simple values', () => {
  const edges = [0n, 1n, 63n, 64n, 2n ** 13n, 2n ** 28n, 2n ** 59n].flatMap((n) => [n - 1n, n, n + 1n])
  const widths = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const

  test.each(widths)('feature 7: %s comes back at every edge of the encoding and of the type', (kind) => {
    const bits = BigInt(kind.replace(/\D+/, ''))
    const signed = kind.startsWith('int')
    const least = signed ? -(2n ** (bits - 1n)) : 0n
    const most = signed ? 2n ** (bits - 1n) - 1n : 2n ** bits - 1n
    const fitting = [...edges, ...edges.map((n) => -n), least, least + 1n, most - 1n, most].filter(
      (n) => n >= least && n <= most,
    )
    expect(fitting.length).toBeGreaterThan(8)
    const node: TypeNode = kind === 'int64' || kind === 'uint64' ? { kind, as: 'bigint' } : { kind }
    for (const n of fitting) {
      const value = bits === 64n ? n : Number(n)
      expect(decode(node, encode(node, value))).toBe(value)
    }
  })

  test('feature 8: an integer takes one byte as long as its magnitude is below 64', () => {
    for (let n = -70; n <= 70; n++) expect(encode(int32, n).length / 2).toBe(Math.abs(n) < 64 ? 1 : 2)
  })

  test('feature 9: text is counted in bytes', () => {
    expect(travel(text, 'héllo→😀')).toBe('0d68c3a96c6c6fe28692f09f9880')
  })

  test('feature 10: booleans and floats are exact', () => {
    expect(travel({ kind: 'bool' }, true)).toBe('01')
    expect(travel({ kind: 'bool' }, false)).toBe('00')
    expect(travel({ kind: 'float32' }, 1.5)).toBe('0000c03f')
    expect(travel({ kind: 'float64' }, -1.43534)).toBe('10406a1327f7f6bf')
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]) {
      for (const kind of ['float32', 'float64'] as const) expect(decode({ kind }, encode({ kind }, value))).toBe(value)
    }
  })

  test('feature 11: a time is milliseconds, whatever the zone it was written in', () => {
    const time = { kind: 'time' } as const
    expect(travel(time, new Date('2024-03-05T10:05:03.016Z'))).toBe('a89297f0e0180000')
    expect(encode(time, new Date('2024-03-05T12:05:03.016+02:00'))).toBe('a89297f0e0180000')
    expect(travel(time, new Date(-1))).toBe('41')
    expect(travel({ kind: 'time', as: 'millis' }, -1)).toBe('41')
  })

  test('feature 19: an enum is its number', () => {
    expect(travel(struct('t.Hue'), { hue: 2 })).toBe('02')
  })
})

describe('what may be null', () => {
  const pointer: TypeNode = { kind: 'pointer', elem: int32 }
  const list: TypeNode = { kind: 'array', elem: int32 }
  const map: TypeNode = { kind: 'map', key: text, value: int32 }

  test('feature 12: a null pointer and one to zero', () => {
    expect(travel(pointer, null)).toBe('01')
    expect(travel(pointer, 0)).toBe('0000')
  })

  test('feature 13: a pointer to a pointer is null, has null, or has a value', () => {
    const twice: TypeNode = { kind: 'pointer', elem: pointer }
    expect(travel(twice, null)).toBe('01')
    expect(travel(twice, { value: null })).toBe('0001')
    expect(travel(twice, { value: 5 })).toBe('000005')
  })

  test('feature 14: null and empty', () => {
    for (const [node, empty] of [
      [list, []],
      [map, new Map()],
    ] as const) {
      expect(travel(node, null)).toBe('01')
      expect(travel(node, empty)).toBe('0000')
    }
  })

  test('feature 15: a not-null mark takes the flag away, here or one level inside', () => {
    expect(travel({ kind: 'array', elem: int32, notNull: true }, [1])).toBe('0101')
    expect(travel({ kind: 'array', elem: { ...list, notNull: true } }, [[1], []])).toBe('0002010100')
    expect(
      travel({ kind: 'map', key: text, value: { ...list, notNull: true }, notNull: true }, new Map([['a', [3]]])),
    ).toBe('0101610103')
    expect(travel({ kind: 'pointer', elem: { ...list, notNull: true } }, [1])).toBe('000101')
  })
})

describe('collections', () => {
  test('features 16 and 145: bytes are raw, in the message and as a Uint8Array', () => {
    expect(travel({ kind: 'bytes' }, Uint8Array.of(1, 200, 3))).toBe('000301c803')
    expect(decode({ kind: 'bytes' }, '000301c803')).toBeInstanceOf(Uint8Array)
  })

  test('feature 17: lists of lists, maps of structs, lists of maps', () => {
    expect(travel({ kind: 'array', elem: { kind: 'array', elem: text } }, [['x'], null])).toBe('00020001017801')
    const flat = { a: 1, b: '', c: false }
    expect(travel({ kind: 'map', key: text, value: struct('t.Flat') }, new Map([['k', flat]]))).toBe('0001016b010000')
    const maps: TypeNode = { kind: 'array', elem: { kind: 'map', key: text, value: int32 } }
    expect(travel(maps, [new Map([['k', 2]]), null])).toBe('00020001016b0201')
  })

  test('feature 18: a set is a map without values', () => {
    expect(travel({ kind: 'set', key: int32 }, new Set([5, -1]))).toBe('00020541')
  })

  test('feature 198: the order of map entries means nothing', () => {
    const node: TypeNode = { kind: 'map', key: text, value: int32 }
    const entries = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 5 }), fc.integer({ min: -9, max: 9 })), {
      selector: ([key]) => key,
      maxLength: 8,
    })
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat(1000)), (list, order) => {
        const other = list.map((entry) => [order.next().value ?? 0, entry] as const).toSorted(([a], [b]) => a - b)
        const shuffled = new Map(other.map(([, entry]) => entry))
        expect(decode(node, encode(node, shuffled))).toEqual(new Map(list))
      }),
    )
  })
})

describe('dynamic values', () => {
  test.each<[string, TypeNode, unknown]>([
    ['0605', { kind: 'int64' }, 5],
    ['0101', { kind: 'bool' }, true],
    ['02026869', text, 'hi'],
    ['0da89297f0e0180000', { kind: 'time' }, new Date('2024-03-05T10:05:03.016Z')],
    ['0f0600020102', { kind: 'array', elem: { kind: 'int64' } }, [1, 2]],
    ['100206000101617f', { kind: 'map', key: text, value: { kind: 'int64' } }, new Map([['a', -63]])],
    ['0e060007', { kind: 'pointer', elem: { kind: 'int64' } }, 7],
  ])('feature 20: %s says what it is', (hex, type, value) => {
    expect(travel({ kind: 'any' }, { type, value })).toBe(hex)
  })

  test('feature 151: bytes inside a dynamic map are bytes', () => {
    const value = new Map([['b', { type: { kind: 'bytes' } as const, value: Uint8Array.of(1, 2, 3) }]])
    expect(travel({ kind: 'any' }, { type: { kind: 'map', key: text, value: { kind: 'any' } }, value })).toBe(
      `1002110001 0162 0f070003010203`.replaceAll(' ', ''),
    )
    const plain = encode({ kind: 'any' }, new Map([['b', Uint8Array.of(9)]]))
    expect((decode({ kind: 'any' }, plain) as DynamicValue).value).toStrictEqual(new Map([['b', Uint8Array.of(9)]]))
  })

  test.each([
    ['int64', 0],
    ['string', ''],
    ['bool', false],
  ] as const)('feature 196: a field that holds the zero of %s arrives as null', (kind, value) => {
    const hex = encode(struct('t.Any'), { any: dynamic(value, { kind }) })
    expect(hex).toBe('00')
    expect(decode(struct('t.Any'), hex)).toEqual({ any: null })
    expect(decode(struct('t.Any'), encode(struct('t.Any'), { any: dynamic([value]) }))).not.toEqual({ any: null })
  })
})
