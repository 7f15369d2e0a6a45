import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupKeys, type Group, type Key } from '../src/group-keys.ts'

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)
const flat = (groups: readonly Group[]): Key[] => groups.flatMap(({ keys }) => keys)
const homes = (groups: readonly Group[]): Map<Key, number> =>
  new Map(groups.flatMap(({ id, keys }) => keys.map((key) => [key, id] as const)))

/** How many keys are in another group than before: their rows would be mounted anew. */
function moved(before: readonly Group[], after: readonly Group[]): number {
  const was = homes(before)
  return [...homes(after)].filter(([key, id]) => was.has(key) && was.get(key) !== id).length
}

describe('groups', () => {
  test('hold a hundred each, in order', () => {
    const groups = groupKeys([], range(0, 1050))
    expect(groups.map(({ keys }) => keys.length)).toEqual([...Array.from({ length: 10 }, () => 100), 50])
    expect(flat(groups)).toEqual(range(0, 1050))
  })

  test('are the same objects while their keys are the same', () => {
    const before = groupKeys([], range(0, 250))
    expect(groupKeys(before, range(0, 250))).toBe(before)
    const longer = groupKeys(before, range(0, 260))
    expect(longer.slice(0, 2)).toEqual(before.slice(0, 2))
    expect(longer[0]).toBe(before[0])
    expect(longer[2]?.id).toBe(before[2]?.id)
  })

  test('what comes at the front, in the middle or at the end moves nobody', () => {
    const before = groupKeys([], range(0, 500))
    for (const keys of [
      [...range(-300, 0), ...range(0, 500)],
      [...range(0, 250), ...range(1000, 1300), ...range(250, 500)],
      [...range(0, 100), ...range(1000, 1300), ...range(100, 500)],
      range(0, 900),
      range(100, 400),
      [...range(0, 100), ...range(300, 500)],
    ]) {
      const after = groupKeys(before, keys)
      expect(flat(after)).toEqual(keys)
      expect(moved(before, after)).toBe(0)
    }
  })

  test('one by one at the front makes no more groups than it needs', () => {
    let groups = groupKeys([], range(0, 100))
    for (let i = 1; i <= 500; i++) groups = groupKeys(groups, range(-i, 100))
    expect(groups.length).toBeLessThanOrEqual(7)
    expect(flat(groups)).toEqual(range(-500, 100))
  })

  test('one key that moves far moves alone', () => {
    const before = groupKeys([], range(0, 1000))
    const toTop = [999, ...range(0, 999)]
    expect(moved(before, groupKeys(before, toTop))).toBe(1)
    expect(moved(before, groupKeys(before, [...range(1, 1000), 0]))).toBe(1)
    expect(moved(before, groupKeys(before, [...range(0, 99).toReversed(), ...range(99, 1000)]))).toBe(0)
  })

  test('after any changes: all keys in order, no group twice, none empty; what only came or went moved nobody', () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 350 })
    fc.assert(
      fc.property(list, fc.array(list, { maxLength: 5 }), fc.boolean(), (first, later, sorted) => {
        const order = (keys: number[]): number[] => (sorted ? keys.toSorted((a, b) => a - b) : keys)
        let groups = groupKeys([], order(first))
        for (const keys of later) {
          const next = groupKeys(groups, order(keys))
          expect(flat(next)).toEqual(order(keys))
          const ids = next.map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(next.every((group) => group.keys.length > 0)).toBe(true)
          // In one and the same order, keys only come and go.
          expect(sorted ? moved(groups, next) : 0).toBe(0)
          groups = next
        }
        expect(groupKeys(groups, flat(groups))).toBe(groups)
      }),
      { numRuns: 200 },
    )
  })

  test('keeps apart what only looks alike', () => {
    const groups = groupKeys([], [1, 2n, true])
    expect(groupKeys(groups, [1, 2, true])).not.toBe(groups)
  })
})
