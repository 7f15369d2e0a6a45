import { describe, expect, test } from 'vitest'
import { affects, formatKey, nodeAt, parseKey, type Path, reducePaths, stateNode, valueAt } from '../src/index.ts'
import { bedOf, gardenOf, GardenStore } from './support/garden.ts'

describe('parseKey', () => {
  test.each<readonly [string, Path | null]>([
    ['', []],
    ['name', ['name']],
    ['Name', ['name']],
    ['Beds%&k%&Kind', ['beds', 'k', 'kind']],
    ['beds%&k%&kind', ['beds', 'k', 'kind']],
    ['Beds%&', ['beds', '']],
    ['rows%&3%&count', ['rows', 3, 'count']],
    ['byID%&18446744073709551615', ['byId', 18446744073709551615n]],
    ['small%&-128', ['small', -128]],
    ['flags%&true', ['flags', true]],
    ['My_F', ['my_F']],
    ['spare%&Kind', ['spare', 'kind']],
    ['list%&2', ['list', 2]],
    ['sign%&Title', ['sign', 'title']],
    ['name%&deeper', ['name', 'deeper']],
    ['tags%&a', ['tags', 'a']],
    ['raw%&4', ['raw', 4]],
    ['nope', null],
    ['my_F', null],
    ['byId', null],
    ['rows%&-1', null],
    ['rows%&x', null],
    ['rows%&1.5', null],
    ['small%&128', null],
    ['small%&', null],
    ['byID%&-1', null],
    ['byID%&99999999999999999999999', null],
    ['flags%&yes', null],
    ['beds%&k%&nope', null],
  ])('features 108 and 190: %s', (key, path) => {
    expect(parseKey(GardenStore, key)).toEqual(path)
  })
})

describe('formatKey', () => {
  test.each<readonly [Path, string]>([
    [[], ''],
    [['name'], 'Name'],
    [['urlPath'], 'URLPath'],
    [['beds', 'k', 'kind'], 'Beds%&k%&Kind'],
    [['rows', 3], 'Rows%&3'],
    [['byId', 7n], 'ByID%&7'],
    [['my_F'], 'My_F'],
    [['spare', 'kind'], 'Spare%&Kind'],
    [['flags', false], 'Flags%&false'],
    [['tags', 'a'], 'Tags%&a'],
  ])('%o', (path, key) => {
    expect(formatKey(GardenStore, path)).toBe(key)
    expect(parseKey(GardenStore, key)).toEqual(path)
  })

  test.each<readonly [string, Path, RegExp]>([
    ['an unknown field', ['nmae'], /Fields here: name, urlPath/],
    ['a field below a string', ['name', 'x'], /Here is a string/],
    ['a key of the wrong type', ['beds', 3], /Here is a map/],
    ['a negative index', ['rows', -1], /Here is a array/],
    ['the separator in a key', ['beds', 'a%&b'], /cannot be subscribed to/],
  ])('refuses %s', (_, path, message) => {
    expect(() => formatKey(GardenStore, path)).toThrow(expect.objectContaining({ code: 'path', store: 'Garden', path }))
    expect(() => formatKey(GardenStore, path)).toThrow(message)
  })
})

describe('nodeAt and valueAt', () => {
  const root = stateNode(GardenStore)
  const state = gardenOf({
    spare: bedOf({ kind: 's' }),
    beds: new Map([['k', bedOf({ count: 4 })]]),
    rows: [bedOf({ x: 1.5 })],
    raw: new Uint8Array([7]),
    tags: new Set(['a']),
    list: { value: [5, 6] },
  })
  test.each<readonly [Path, string | null, unknown]>([
    [[], 'struct', state],
    [['spare', 'kind'], 'string', 's'],
    [['beds', 'k', 'count'], 'uint32', 4],
    [['beds', 'none', 'count'], 'uint32', undefined],
    [['rows', 0, 'x'], 'float64', 1.5],
    [['rows', 9], 'struct', undefined],
    [['raw', 0], 'uint8', 7],
    [['tags', 'a'], 'bool', true],
    [['tags', 'b'], 'bool', undefined],
    [['list', 1], 'int32', 6],
    [['list'], 'pointer', state.list],
    [['nums', 0], 'int32', undefined],
    [['name', 'x'], null, undefined],
    [['nope'], null, undefined],
    [['toString'], null, undefined],
  ])('%o', (path, kind, value) => {
    expect(nodeAt(GardenStore.types, root, path)?.kind ?? null).toBe(kind)
    expect(valueAt(state, path)).toBe(value)
  })
})

describe('paths', () => {
  test('one affects the other when they agree as far as both go', () => {
    expect(affects([], ['a'])).toBe(true)
    expect(affects(['a'], ['a', 1])).toBe(true)
    expect(affects(['a', 1], ['a'])).toBe(true)
    expect(affects(['a', 1], ['a', '1'])).toBe(false)
    expect(affects(['a'], ['b'])).toBe(false)
  })

  test('feature 104: are reduced in order of first appearance', () => {
    expect(reducePaths([['b', 1], ['a', 'x'], ['b', 1], ['a'], ['a', 'y'], ['b', 2]])).toEqual([
      ['b', 1],
      ['a'],
      ['b', 2],
    ])
    expect(reducePaths([['a'], []])).toEqual([[]])
    expect(
      reducePaths([
        ['a', 1],
        ['a', '1'],
        ['a', 1n],
        ['a', true],
      ]),
    ).toHaveLength(4)
    expect(reducePaths([])).toEqual([])
  })
})
