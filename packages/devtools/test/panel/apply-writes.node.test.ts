import { encodeState, encodeValue, equalValues, nodeAt, type Path, stateNode, valueAt } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueOf } from '../../../wire/test/support/arbitrary.ts'
import { bedOf, type Garden, gardenOf, GardenStore } from '../../../wire/test/support/garden.ts'
import { applyWrites } from '../../src/panel/apply-writes.ts'
import type { PanelWrite } from '../../src/protocol.ts'

const { types } = GardenStore
const root = stateNode(GardenStore)

const write = (path: Path, value: unknown): PanelWrite => ({
  path,
  bytes: value === undefined ? null : encodeValue(types, nodeAt(types, root, path) ?? root, value).buffer,
})
const garden = gardenOf({
  name: 'host',
  spare: bedOf({ count: 1 }),
  beds: new Map([['a', bedOf()]]),
  rows: [bedOf(), bedOf({ count: 2 })],
  nums: [1, 2, 3],
  raw: new Uint8Array([1, 2]),
  tags: new Set(['x', 'y']),
  list: { value: [7, 8] },
})
const shown = (...writes: PanelWrite[]): Garden => applyWrites(GardenStore, garden, writes) as Garden

describe('writes', () => {
  it('replace values at any depth, in order', () => {
    const after = shown(
      write(['name'], 'mine'),
      write(['beds', 'a', 'kind'], 'rose'),
      write(['beds', 'b'], bedOf({ count: 9 })),
      write(['beds', 'b', 'count'], 10),
      write(['spare', 'count'], 5),
      write(['rows', 1, 'x'], 2.5),
      write(['list', 1], 80),
    )
    expect(after).toEqual({
      ...garden,
      name: 'mine',
      beds: new Map([
        ['a', bedOf({ kind: 'rose' })],
        ['b', bedOf({ count: 10 })],
      ]),
      spare: bedOf({ count: 5 }),
      rows: [bedOf(), bedOf({ count: 2, x: 2.5 })],
      list: { value: [7, 80] },
    })
    expect(garden.name).toBe('host')
  })

  it('leave what they do not touch the same object', () => {
    const after = shown(write(['name'], 'mine'))
    expect(after.beds).toBe(garden.beds)
    expect(shown()).toBe(garden)
  })

  it('replace everything', () => {
    expect(shown(write([], gardenOf({ name: 'past' })))).toEqual(gardenOf({ name: 'past' }))
    expect(shown({ path: [], bytes: null })).toBe(garden)
  })

  it('take keys away, and the ends of lists', () => {
    const after = shown(
      write(['beds', 'a'], undefined),
      write(['nums', 2], undefined),
      write(['nums', 0], undefined),
      write(['tags', 'x'], undefined),
    )
    expect([after.beds?.size, after.nums, after.tags]).toEqual([0, [1, 2], new Set(['y'])])
  })

  it('add to sets and to the ends of lists, and change bytes', () => {
    const after = shown(
      write(['tags', 'z'], true),
      write(['tags', 'y'], false),
      write(['nums', 3], 4),
      write(['nums', 9], 4),
      write(['raw', 1], 9),
      write(['raw', 9], 9),
    )
    expect([after.tags, after.nums, after.raw]).toEqual([new Set(['x', 'z']), [1, 2, 3, 4], new Uint8Array([1, 9])])
  })

  it('that lead nowhere change nothing', () => {
    expect(shown({ path: ['nothing'], bytes: new ArrayBuffer(1) })).toBe(garden)
    expect(shown(write(['beds', 'gone', 'count'], 5))).toEqual(garden)
    const bare = gardenOf()
    expect(applyWrites(GardenStore, bare, [write(['spare', 'count'], 5), write(['list', 0], 1)])).toEqual(bare)
  })

  it('of bytes that are no such value are refused', () => {
    expect(() => shown({ path: ['name'], bytes: new Uint8Array([200]).buffer })).toThrow('byte')
  })

  it('show what was written, wherever a path leads', () => {
    const paths: readonly Path[] = [
      ['name'],
      ['main'],
      ['main', 'y'],
      ['spare'],
      ['beds'],
      ['beds', 'a', 'count'],
      ['rows'],
      ['rows', 0],
      ['raw'],
      ['list'],
      ['sign', 'title'],
      ['small'],
      ['flags'],
      [],
    ]
    const arbitrary = fc.constantFrom(...paths).chain((path) => {
      const node = nodeAt(types, root, path) ?? root
      return valueOf(types, node).map((value) => ({ path, node, value }))
    })
    fc.assert(
      fc.property(arbitrary, ({ path, node, value }) => {
        const after = shown(write(path, value))
        expect(equalValues(types, node, valueAt(after, path), value)).toBe(true)
        // It is a state like any other.
        expect(encodeState(GardenStore, after).length).toBeGreaterThan(0)
      }),
    )
  })
})
