import { describe, expect, test } from 'vitest'
import {
  applyDelta,
  decodeDeltaOf,
  type Delta,
  diffStates,
  dynamic,
  encodeDeltaOf,
  equalValues,
  mergeDelta,
  type Path,
  reconcile,
  type TypeNode,
} from '../src/index.ts'
import { readKey } from '../src/read-key.ts'
import { Reader } from '../src/reader.ts'
import { deepFreeze } from './support/deep-freeze.ts'
import { bedOf, type Garden, gardenOf, GardenStore } from './support/garden.ts'

const { types } = GardenStore

describe('equalValues', () => {
  const list: TypeNode = { kind: 'array', elem: { kind: 'int32' } }
  const map: TypeNode = { kind: 'map', key: { kind: 'string' }, value: { kind: 'float64' } }
  const boxed: TypeNode = { kind: 'pointer', elem: list }
  test.each<readonly [string, TypeNode, unknown, unknown, boolean]>([
    ['NaN', { kind: 'float64' }, Number.NaN, Number.NaN, true],
    ['0 and −0', { kind: 'float64' }, 0, -0, true],
    ['one instant', { kind: 'time' }, new Date(5), new Date(5), true],
    ['two instants', { kind: 'time' }, new Date(5), new Date(6), false],
    ['number and bigint', { kind: 'int64', as: 'bigint' }, 5, 5n, true],
    ['nil and empty', list, null, [], false],
    ['equal lists', list, [1, 2], [1, 2], true],
    ['a longer list', list, [1], [1, 2], false],
    ['bytes by content', { kind: 'bytes' }, new Uint8Array([1]), new Uint8Array([1]), true],
    ['other bytes', { kind: 'bytes' }, new Uint8Array([1]), new Uint8Array([2]), false],
    [
      'maps in another order',
      map,
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
      true,
    ],
    ['maps with other keys', map, new Map([['a', 1]]), new Map([['b', 1]]), false],
    ['sets', { kind: 'set', key: { kind: 'string' } }, new Set(['a']), new Set(['b']), false],
    ['a box of null and null', boxed, { value: null }, null, false],
    ['equal boxes', boxed, { value: [1] }, { value: [1] }, true],
    ['dynamic values of two types', { kind: 'any' }, dynamic(5), dynamic('5'), false],
    ['dynamic lists', { kind: 'any' }, dynamic([1, 2]), dynamic([1, 2]), true],
  ])('%s', (_, node, a, b, equal) => {
    expect(equalValues(types, node, a, b)).toBe(equal)
    expect(equalValues(types, node, b, a)).toBe(equal)
  })
})

describe('diffStates', () => {
  const diff = (before: Partial<Garden>, after: Partial<Garden>): Delta | null =>
    diffStates(GardenStore, gardenOf(before), gardenOf(after))

  test.each<readonly [string, Partial<Garden>, Partial<Garden>, Delta | null]>([
    ['nothing', { nums: [1] }, { nums: [1] }, null],
    ['a scalar', {}, { name: 'n' }, { name: { set: 'n' } }],
    ['a field of a struct', {}, { main: bedOf({ count: 2 }) }, { main: { mod: { count: { set: 2 } } } }],
    ['a pointer set', {}, { spare: bedOf() }, { spare: { whole: bedOf() } }],
    ['a pointer cleared', { spare: bedOf() }, {}, { spare: { whole: null } }],
    ['one element', { nums: [1, 2, 3] }, { nums: [1, 9, 3] }, { nums: { sets: new Map([[1, 9]]) } }],
    ['an appended element', { nums: [1] }, { nums: [1, 0] }, { nums: { sets: new Map([[1, 0]]) } }],
    ['a shortened list', { nums: [1, 2] }, { nums: [1] }, { nums: { whole: [1] } }],
    [
      'a field of an element',
      { rows: [bedOf()] },
      { rows: [bedOf({ x: 1 })] },
      { rows: { mods: new Map([[0, { x: { set: 1 } }]]) } },
    ],
    [
      'a byte',
      { raw: new Uint8Array(8) },
      { raw: new Uint8Array(8).fill(5, 3, 4) },
      { raw: { sets: new Map([[3, 5]]) } },
    ],
    [
      'entries of a map',
      {
        beds: new Map([
          ['a', bedOf()],
          ['b', bedOf()],
          ['c', bedOf()],
        ]),
      },
      {
        beds: new Map([
          ['a', bedOf({ x: 1 })],
          ['c', bedOf()],
          ['d', bedOf()],
        ]),
      },
      { beds: { sets: new Map([['d', bedOf()]]), deletes: new Set(['b']), mods: new Map([['a', { x: { set: 1 } }]]) } },
    ],
    [
      'a set',
      { tags: new Set(['a', 'b']) },
      { tags: new Set(['b', 'c']) },
      { tags: { sets: new Map([['c', true]]), deletes: new Set(['a']) } },
    ],
    ['a map emptied', { beds: new Map([['a', bedOf()]]) }, { beds: new Map() }, { beds: { whole: new Map() } }],
  ])('%s', (_, before, after, delta) => {
    expect(diff(before, after)).toEqual(delta)
    expect(applyDelta(GardenStore, gardenOf(before), delta ?? {}).state).toEqual(gardenOf(after))
  })

  test('refuses a list that became null, and says what to do', () => {
    expect(() => diff({ nums: [1] }, {})).toThrow(/Garden.nums.*Assign an empty one/)
  })

  test('does not look into parts that are the same object', () => {
    const beds = new Proxy(new Map([['a', bedOf()]]), {
      get: () => {
        throw new Error('looked into')
      },
    })
    expect(diff({ beds }, { beds, name: 'n' })).toEqual({ name: { set: 'n' } })
  })
})

describe('reconcile', () => {
  test('keeps equal rows and reports the others, one by one', () => {
    const before = deepFreeze(
      gardenOf({
        beds: new Map([
          ['a', bedOf()],
          ['b', bedOf({ x: 1 })],
          ['c', bedOf()],
        ]),
        nums: [1, 2, 3],
      }),
    )
    const after = deepFreeze(
      gardenOf({
        beds: new Map([
          ['a', bedOf()],
          ['b', bedOf({ x: 2 })],
          ['d', bedOf()],
        ]),
        nums: [1],
      }),
    )
    const paths: Path[] = []
    const got = reconcile(GardenStore, before, after, (path, depth) => void paths.push(path.slice(0, depth)))
    expect(got).toEqual(after)
    expect(got.beds?.get('a')).toBe(before.beds?.get('a'))
    expect(got.main).toBe(before.main)
    expect(paths).toEqual([
      ['beds', 'b', 'x'],
      ['beds', 'd'],
      ['beds', 'c'],
      ['nums', 1],
      ['nums', 2],
    ])
  })
})

describe('mergeDelta', () => {
  test('feature 137: changes neither delta and shares no collection that it adds to', () => {
    const older: Delta = deepFreeze({
      beds: { sets: new Map([['a', bedOf()]]), mods: new Map([['b', { x: { set: 1 } }]]) },
    })
    const newer: Delta = deepFreeze({ beds: { deletes: new Set(['a']), mods: new Map([['b', { y: { set: 2 } }]]) } })
    expect(mergeDelta(GardenStore, older, newer)).toEqual({
      beds: { deletes: new Set(['a']), mods: new Map([['b', { x: { set: 1 }, y: { set: 2 } }]]) },
    })
  })
})

describe('any partial struct', () => {
  test('has deltas of its own', () => {
    const delta: Delta = { count: { set: 3 } }
    expect(decodeDeltaOf(types, 'garden.Bed', encodeDeltaOf(types, 'garden.Bed', delta))).toEqual(delta)
  })

  test('others do not', () => {
    expect(() => encodeDeltaOf(types, 'garden.Sign', {})).toThrow(expect.objectContaining({ code: 'schema' }))
    expect(() => decodeDeltaOf(types, 'garden.None', new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'schema' }),
    )
  })
})

describe('readKey', () => {
  const read = (key: string): string => {
    const text = new TextEncoder().encode(key)
    expect(text.length).toBeLessThan(64)
    const r = new Reader(Uint8Array.from([text.length, ...text, 0xff]))
    const got = readKey(r)
    expect(r.pos).toBe(text.length + 1)
    return got
  }

  test('reads every key right, known or not, however many there are', () => {
    const keys = Array.from(
      { length: 20_000 },
      (_, i) => ['', 'é', 'key'][i % 3] + (i % 7 === 0 ? 'x'.repeat(40) : '') + String(i >> 1),
    )
    for (const _ of [1, 2]) expect(keys.filter((key) => read(key) !== key)).toEqual([])
  })

  test('does not take bytes that are not UTF-8 for a known key', () => {
    read('\uFFFD'.repeat(3))
    expect(readKey(new Reader(Uint8Array.from([3, 0xff, 0xfe, 0xfd])))).toBe('\uFFFD'.repeat(3))
    expect(readKey(new Reader(Uint8Array.from([3, 0xff, 0xfe, 0xfc])))).toBe('\uFFFD'.repeat(3))
  })
})
