import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeValue, dynamic, type DynamicValue, encodeValue, type TypeNode } from '../src/index.ts'
import { dynamicValue } from './support/arbitrary.ts'
import { bytesToHex, hexToBytes } from './support/neutral.ts'
import { codeOf } from './support/refusal-of.ts'

const ANY: TypeNode = { kind: 'any' }
const encode = (v: unknown): string => bytesToHex(encodeValue([], ANY, v))
const decode = (hex: string): DynamicValue => decodeValue([], ANY, hexToBytes(hex)) as DynamicValue

/** `depth` lists inside one another. */
function nest(depth: number): unknown {
  let out: unknown = 1
  for (let i = 0; i < depth; i++) out = [out]
  return out
}

describe('dynamic values', () => {
  test.each([
    ['0605', { type: { kind: 'int64' }, value: 5 }],
    ['0705', { type: { kind: 'uint8' }, value: 5 }],
    ['02026869', { type: { kind: 'string' }, value: 'hi' }],
    ['0c0000000000000c40', { type: { kind: 'float64' }, value: 3.5 }],
    ['0f070003010203', { type: { kind: 'bytes' }, value: Uint8Array.of(1, 2, 3) }],
    ['0f0701', { type: { kind: 'bytes' }, value: null }],
    ['0e060007', { type: { kind: 'pointer', elem: { kind: 'int64' } }, value: 7 }],
    ['0e0601', { type: { kind: 'pointer', elem: { kind: 'int64' } }, value: null }],
    ['100612000105', { type: { kind: 'set', key: { kind: 'int64' } }, value: new Set([5]) }],
    [
      '0f11000306010201610100',
      {
        type: { kind: 'array', elem: { kind: 'any' } },
        value: [
          { type: { kind: 'int64' }, value: 1 },
          { type: { kind: 'string' }, value: 'a' },
          { type: { kind: 'bool' }, value: false },
        ],
      },
    ],
  ] as readonly (readonly [string, DynamicValue])[])('%s', (hex, value) => {
    expect(decode(hex)).toEqual(value)
    expect(encode(value)).toBe(hex)
  })

  test('feature 20: all of them come back with the type they had', () => {
    fc.assert(
      fc.property(dynamicValue, (v) => {
        expect(decodeValue([], ANY, encodeValue([], ANY, v))).toEqual(v)
      }),
    )
  })
})

describe('pitfall 13: the type of a plain value keeps it exact', () => {
  test.each([
    [2 ** 40, 'int64'],
    [-(2 ** 53) + 1, 'int64'],
    [2 ** 53, 'float64'],
    [-0, 'float64'],
    [Number.NaN, 'float64'],
    [2n ** 63n - 1n, 'int64'],
    [2n ** 63n, 'uint64'],
    [2n ** 64n - 1n, 'uint64'],
  ])('%d travels as %s', (value, kind) => {
    const back = decode(encode(value))
    expect(back.type.kind).toBe(kind)
    expect(back.value).toBe(value)
  })

  test('null is a typed null, and empty collections claim no number type', () => {
    expect(encode(null)).toBe('0e0601')
    expect(encode([])).toBe('0f110000')
    expect(decode(encode(new Map())).value).toEqual(new Map())
    expect(decode(encode(new Set())).value).toEqual(new Set())
  })

  test('lists and maps of one type say so once, mixed ones per element', () => {
    expect(encode([1, 2])).toBe('0f0600020102')
    expect(encode(new Map([['a', 1]]))).toBe('1002060001016101')
    expect(encode([1, 'a'])).toBe('0f1100020601020161')
  })

  test.each([
    [{ a: 1 }],
    [() => 1],
    [Symbol('s')],
    [new Map([[[1], 1]])],
    [
      new Map<unknown, unknown>([
        [1, 1],
        ['a', 1],
      ]),
    ],
    [2n ** 64n],
  ])('%s is refused', (value) => {
    expect(['invalid-value', 'out-of-range']).toContain(codeOf(() => encode(value)))
  })

  test('a type that a dynamic value cannot have is refused', () => {
    const never: readonly TypeNode[] = [
      { kind: 'struct', ref: 't.S' },
      { kind: 'any' },
      { kind: 'array', elem: { kind: 'int8' }, notNull: true },
      { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 't.S' } },
    ]
    for (const type of never) expect(codeOf(() => encode(dynamic([], type)))).toBe('invalid-value')
    expect(codeOf(() => encode(dynamic([], { kind: 'set', key: { kind: 'time' } as never })))).toBe('schema')
  })
})

describe('pitfall 18: depth', () => {
  test('20 levels are written and read, in one descriptor or in one each', () => {
    expect(encode(decode(encode(nest(20))))).toBe(encode(nest(20)))
    let mixed: unknown = 1
    for (let i = 0; i < 20; i++) mixed = [mixed, 'x']
    expect(encode(decode(encode(mixed)))).toBe(encode(mixed))
  })

  test('what is too deep to be read is not written either', () => {
    for (let depth = 20; depth < 80; depth++) {
      let mixed: unknown = 1
      for (let i = 0; i < depth; i++) mixed = [mixed, 'x']
      for (const value of [nest(depth), mixed]) {
        const written = codeOf(() => encodeValue([], ANY, value))
        const read = written === 'accepted' ? codeOf(() => decodeValue([], ANY, encodeValue([], ANY, value))) : 'never'
        expect(['accepted accepted', 'too-deep never']).toContain(`${written} ${read}`)
      }
    }
    expect(codeOf(() => encode(nest(65)))).toBe('too-deep')
    expect(codeOf(() => encode(nest(100_000)))).toBe('too-deep')
  })

  test('a list that contains itself is refused', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(codeOf(() => encode(loop))).toBe('too-deep')
    const type = Array.from({ length: 100_000 }).reduce<TypeNode>((elem) => ({ kind: 'pointer', elem }), {
      kind: 'int8',
    })
    expect(codeOf(() => encode(dynamic(null, type)))).toBe('too-deep')
  })
})
