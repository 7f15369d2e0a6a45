import { runInNewContext } from 'node:vm'
import type { TypeNode, Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sample } from '../../../wire/test/support/arbitrary.ts'
import { bedOf, gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { formatLeaf, formatPath, hexOf, isoOf, previewValue, toLiteral } from '../../src/panel/format-value.ts'

const { types } = GardenStore
const bed: TypeNode = { kind: 'struct', ref: 'garden.Bed' }

describe('previewValue', () => {
  it('shows structs, lists, maps and sets on one line', () => {
    expect(previewValue(types, bed, bedOf({ kind: 'rose', count: 2 }))).toBe('{kind: "rose", count: 2, x: 0, y: 0}')
    expect(previewValue([], { kind: 'array', elem: { kind: 'int32' } }, [1, 2])).toBe('(2) [1, 2]')
    const map: TypeNode = { kind: 'map', key: { kind: 'int64', as: 'bigint' }, value: { kind: 'string' } }
    expect(previewValue([], map, new Map([[7n, 'a']]))).toBe('(1) {7 → "a"}')
    expect(previewValue([], { kind: 'set', key: { kind: 'string' } }, new Set(['x']))).toBe('(1) {"x"}')
  })

  it('looks through pointers, boxes and dynamic values', () => {
    const boxed: TypeNode = { kind: 'pointer', elem: { kind: 'array', elem: { kind: 'bool' } } }
    expect(previewValue([], boxed, { value: [true] })).toBe('(1) [true]')
    expect(previewValue([], boxed, { value: null })).toBe('null')
    expect(previewValue([], boxed, null)).toBe('null')
    expect(previewValue([], { kind: 'any' }, { type: { kind: 'time' }, value: new Date(0) })).toBe(
      '1970-01-01T00:00:00.000Z',
    )
  })

  it('stops where the line ends, however much there is', () => {
    let read = 0
    const list = {
      length: 1e6,
      *[Symbol.iterator]() {
        for (;;) {
          read++
          yield 'abcdef'
        }
      },
    }
    const line = previewValue([], { kind: 'array', elem: { kind: 'string' } }, list, 50)
    expect(line).toHaveLength(50)
    expect(line.endsWith('…')).toBe(true)
    expect(read).toBeLessThan(20)
  })

  it('never throws for a decoded value, and never exceeds the line', () => {
    fc.assert(
      fc.property(sample(), fc.integer({ min: 1, max: 100 }), ({ types: t, node, value }, max) => {
        expect(previewValue(t, node, value, max).length).toBeLessThanOrEqual(max)
      }),
    )
  })
})

describe('formatLeaf', () => {
  it.each<[TypeNode, unknown, string]>([
    [{ kind: 'string' }, 'a"b\n', '"a\\"b\\n"'],
    [{ kind: 'int64', as: 'bigint' }, 5n, '5n'],
    [{ kind: 'float64' }, -0, '-0'],
    [{ kind: 'float64' }, NaN, 'NaN'],
    [{ kind: 'float32' }, Math.fround(7.6), '7.6'],
    [{ kind: 'float32' }, Math.fround(16777217.5), '16777218'],
    [{ kind: 'float32' }, -Infinity, '-Infinity'],
    [{ kind: 'bytes' }, new Uint8Array([1, 255]), '2 bytes 01 ff'],
    [{ kind: 'bytes' }, new Uint8Array(), '0 bytes'],
    [{ kind: 'time', as: 'millis' }, 1000, '1970-01-01T00:00:01.000Z'],
    [{ kind: 'bool' }, null, 'null'],
    [{ kind: 'bool' }, undefined, '–'],
  ])('%j of %s', (node, value, text) => expect(formatLeaf(node, value)).toBe(text))

  it('loses nothing of a float32', () => {
    fc.assert(
      fc.property(fc.float(), (value) => {
        expect(Math.fround(Number(formatLeaf({ kind: 'float32' }, value)))).toBe(value)
      }),
    )
  })

  it('shows the beginning of long bytes only', () => {
    expect(formatLeaf({ kind: 'bytes' }, new Uint8Array(1e6), 30)).toBe(
      `1000000 bytes ${Array(10).fill('00').join(' ')}`,
    )
  })
})

it('formatPath writes a path as code would', () => {
  expect(formatPath(['cells', 'a b', 3, 'owner'])).toBe('cells["a b"][3].owner')
  expect(formatPath(['3x'])).toBe('["3x"]')
  expect(formatPath(['flags', true])).toBe('flags[true]')
  expect(formatPath(['byId', 9n])).toBe('byId[9]')
  expect(formatPath([])).toBe('')
})

it('hexOf takes as many as asked', () => {
  expect(hexOf(new Uint8Array([0, 16, 255]))).toBe('0010ff')
  expect(hexOf(new Uint8Array([0, 16, 255]), 2, ' ')).toBe('00 10')
})

it('isoOf shows a time that no Date can hold as milliseconds', () => expect(isoOf(9e15)).toBe('9000000000000000 ms'))

describe('toLiteral', () => {
  // The point of a literal is that it is code.
  const evaluate = (code: string): unknown => runInNewContext(`(${code})`, { Map, Set, Date, Uint8Array })

  it('makes the same value again', () => {
    const garden = gardenOf({
      beds: new Map([['b"1', bedOf({ kind: '\u2028', x: -0, y: Infinity })]]),
      raw: new Uint8Array([1, 2]),
      tags: new Set(['t']),
      byId: new Map([[2n ** 63n, 'big']]),
      list: { value: null },
      flags: new Map([[true, 'yes']]),
    })
    expect(evaluate(toLiteral(garden))).toEqual(garden)
  })

  it('keeps a field called __proto__ a field', () => {
    const odd = JSON.parse('{"__proto__": 1, "a b": 2}') as object
    expect(Object.entries(evaluate(toLiteral(odd)) as object)).toEqual([
      ['__proto__', 1],
      ['a b', 2],
    ])
  })

  it('makes any decoded value again', () => {
    fc.assert(
      fc.property(sample(), ({ value }: { types: Types; value: unknown }) => {
        expect(evaluate(toLiteral(value))).toEqual(value)
      }),
    )
  })
})
