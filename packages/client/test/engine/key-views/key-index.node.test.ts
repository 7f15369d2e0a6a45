import type { PathPart, Types } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeyIndex } from '../../../src/engine/key-views/key-index.ts'
import { type Rows, rowsOf } from '../../../src/engine/key-views/rows.ts'
import type { RowSelection } from '../../../src/list-query.ts'
import { editKeys } from '../../../src/page/edit-keys.ts'
import { orderedKeys } from '../../support/list-model.ts'

interface Row {
  readonly name: string
  readonly speed: number | null
}

const types: Types = [
  {
    Row: {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'speed', id: 2, type: { kind: 'pointer', elem: { kind: 'float64' } } },
      ],
    },
  },
]
const ROW = { kind: 'struct', ref: 'Row' } as const
const MAP = { kind: 'map', key: { kind: 'string' }, value: ROW } as const
const rowsIn = (map: ReadonlyMap<PathPart, Row>): Rows => rowsOf(MAP, map)

const someKey = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 2 })
const row = fc.record({ name: fc.constantFrom('x', 'y', 'z', ''), speed: fc.option(fc.constantFrom(0, 1, 2, NaN)) })
const select: fc.Arbitrary<RowSelection> = fc.constantFrom<RowSelection>(
  {},
  { orderBy: ['speed'] },
  { orderBy: ['speed'], descending: true },
  { orderBy: ['name'] },
  { orderBy: ['name'], descending: true, where: [{ field: ['speed'], op: '>', value: 0 }] },
  { where: [{ field: ['name'], op: 'in', value: ['x', 'y'] }] },
)
type Step =
  | { do: 'set'; key: string; row: Row }
  | { do: 'delete'; key: string }
  | { do: 'replace'; rows: [string, Row][] }
  | { do: 'update' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('set' as const), key: someKey, row }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), key: someKey }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), rows: fc.array(fc.tuple(someKey, row)) }) },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'update' }) },
)

describe('a key index', () => {
  test('has the keys that the plain model has, and its edits lead from each version to the next', () => {
    fc.assert(
      fc.property(select, fc.array(step, { maxLength: 80 }), (selection, steps) => {
        const index = createKeyIndex(types, ROW, selection)
        let map = new Map<PathPart, Row>()
        let page: readonly PathPart[] = []
        let version = 0
        // Rows that the condition lets through, in the order in which an update first found them.
        let arrived: PathPart[] = []
        const replay = (s: Exclude<Step, { do: 'update' }>): void => {
          if (s.do === 'replace') {
            map = new Map(s.rows)
            index.touchAll()
            return
          }
          if (s.do === 'set') map.set(s.key, s.row)
          else map.delete(s.key)
          index.touch(s.key)
        }
        for (const s of [...steps, { do: 'update' } as const]) {
          if (s.do !== 'update') {
            replay(s)
            continue
          }
          index.update(rowsIn(map))
          const all = index.slice(0, index.size)
          const here = new Set(orderedKeys(map, { ...selection, orderBy: ['name'] }, []))
          arrived = arrived.filter((k) => here.has(k))
          // Those that came in one step have come in any order, after the others.
          arrived.push(...all.filter((k) => !arrived.includes(k)))
          expect(all).toEqual(orderedKeys(map, selection, arrived))
          expect(index.version - version).toBeLessThanOrEqual(1)
          if (index.version > version) {
            const { edits } = index
            page = editKeys(page, { total: 0, keys: edits === null ? all : null, removed: [], added: [], ...edits })
          }
          version = index.version
          expect(page).toEqual(all)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('100,000 rows: a changed row costs O(log n) comparisons, whatever it does; one that stays in its place costs none', () => {
    let compared = 0
    const index = createKeyIndex(types, ROW, { orderBy: ['speed'] }, () => compared++)
    const map = new Map<PathPart, Row>()
    const n = 100_000
    for (let i = 0; i < n; i++) map.set(`k${i}`, { name: '', speed: (i * 7_919) % n })
    index.update(rowsIn(map))
    expect(index.size).toBe(n)
    const change = (key: string, next: Row | null): number => {
      if (next === null) map.delete(key)
      else map.set(key, next)
      compared = 0
      index.touch(key)
      index.update(rowsIn(map))
      return compared
    }
    // A rank, a removal, an insertion and a rank, each of a depth of at most log(n) / log(4/3).
    const most = 4 * Math.ceil(Math.log(n) / Math.log(4 / 3))
    expect(most).toBeLessThan(170)
    expect(change('k500', { name: '', speed: n / 2 + 0.5 })).toBeLessThan(most)
    expect(index.edits?.removed).toHaveLength(1)
    expect(index.edits?.added).toHaveLength(1)
    expect(change('new', { name: '', speed: -1 })).toBeLessThan(most)
    expect(index.edits).toEqual({ removed: [], added: [{ at: 0, key: 'new' }] })
    expect(change('new', null)).toBeLessThan(most)
    expect(index.edits).toEqual({ removed: [0], added: [] })
    const { version } = index
    expect(change('k7', { name: 'other', speed: (7 * 7_919) % n })).toBe(0)
    expect(index.version).toBe(version)
  })

  test('keys that come and go unseen do not pile up', () => {
    const index = createKeyIndex(types, ROW, {})
    const rows = rowsIn(new Map([['a', { name: '', speed: 1 }]]))
    index.update(rows)
    expect(index.current).toBe(true)
    for (let i = 0; i < 10_000; i++) index.touch(`k${i}`)
    // It looks at all rows instead.
    expect(index.current).toBe(false)
    index.update(rows)
    expect(index.slice(0, 9)).toEqual(['a'])
  })

  test('a list: elements that appear and go without a word', () => {
    const list = { kind: 'array', elem: { kind: 'float64' } } as const
    const index = createKeyIndex(types, list.elem, { orderBy: [] })
    const elements = [5, 3, 4]
    index.update(rowsOf(list, elements))
    expect(index.slice(0, 9)).toEqual([1, 2, 0])
    elements.push(0, 9)
    index.touch(4)
    index.update(rowsOf(list, elements))
    expect(index.slice(0, 9)).toEqual([3, 1, 2, 0, 4])
    elements.length = 1
    index.update(rowsOf(list, elements))
    expect(index.slice(0, 9)).toEqual([0])
    index.update(rowsOf(list, null))
    expect(index.size).toBe(0)
  })

  test('a set is its own rows', () => {
    const set = { kind: 'set', key: { kind: 'string' } } as const
    const index = createKeyIndex(types, set.key, { orderBy: [], descending: true })
    index.update(rowsOf(set, new Set(['a', 'c', 'b'])))
    expect(index.slice(0, 9)).toEqual(['c', 'b', 'a'])
  })
})
