import type { PathPart, TypeNode, Types } from '@rivulet/wire'
import type { KeysChange, RowSelection } from '../../list-query.ts'
import { type Compare, compareKeys, comparerOf } from './compare.ts'
import { rowFilter } from './conditions.ts'
import { createRankedTree } from './ranked-tree.ts'
import { fieldReader, type Rows } from './rows.ts'

/** One row in its place. Never changed: a row that moves is another item. */
interface Item {
  readonly key: PathPart
  /** What it is ordered by. */
  readonly value: unknown
  /** When it arrived. */
  readonly arrival: number
}

/** The keys of the rows that are wanted of one collection, in order. */
export interface KeyIndex {
  readonly size: number
  /** Counts the updates that changed something. */
  readonly version: number
  /** It holds what the collection held at the last update, and has been told of everything since. */
  readonly current: boolean
  /** What led from the version before to this one; null when that is not known, or longer than all keys. */
  readonly edits: Pick<KeysChange, 'removed' | 'added'> | null
  /** The row with this key may have changed. */
  touch(key: PathPart): void
  /** Any row may have changed. */
  touchAll(): void
  /** Brings it up to the rows as they are now. O(log n) for each key touched. */
  update(rows: Rows): void
  /** Keys by position. */
  slice(from: number, count: number): PathPart[]
}

/** Keys noted between two updates, beyond twice the rows: then all rows are looked at instead, so that rows which come and go unseen cannot pile up. */
const MAX_TOUCHED = 4096

/**
 * An empty index. `onCompare` is called for every comparison of two rows, for tests that count.
 *
 * Throws a RangeError for a locale that is none.
 */
export function createKeyIndex(
  types: Types,
  row: TypeNode,
  select: RowSelection,
  onCompare: () => void = () => undefined,
): KeyIndex {
  const { orderBy, where } = select
  const read = orderBy === undefined ? () => 0 : fieldReader(types, row, orderBy)
  const compareValues = comparerOf(select.descending === true, select.collation)
  const byArrival: Compare<Item> = (a, b) => a.arrival - b.arrival
  const byValue: Compare<Item> = (a, b) => compareValues(a.value, b.value) || compareKeys(a.key, b.key)
  const order = orderBy === undefined ? byArrival : byValue
  const wanted = where === undefined ? () => true : rowFilter(types, row, where)
  const tree = createRankedTree<Item>((a, b) => {
    onCompare()
    return order(a, b)
  })
  const items = new Map<PathPart, Item>()
  const touched = new Set<PathPart>()
  let all = true
  let arrivals = 0
  let version = 0
  let edits: KeyIndex['edits'] = null
  /** Of a list: elements can come into being, and go, without a word about each. */
  let length = 0

  /** The item that a key should have now; the one it has when nothing about that changed. */
  const itemOf = (rows: Rows, key: PathPart): Item | undefined => {
    if (!rows.has(key)) return undefined
    const value = rows.get(key)
    if (!wanted(value)) return undefined
    const known = items.get(key)
    const by = read(value)
    if (known !== undefined && (orderBy === undefined || compareValues(known.value, by) === 0)) return known
    return { key, value: by, arrival: known?.arrival ?? ++arrivals }
  }

  const rebuild = (): void => {
    tree.fill([...items.values()].toSorted(order))
    edits = null
    version++
  }

  const updateAll = (rows: Rows): void => {
    const gone: Item[] = []
    const come: Item[] = []
    for (const item of items.values()) if (itemOf(rows, item.key) !== item) gone.push(item)
    for (const key of rows.keys()) {
      const item = itemOf(rows, key)
      if (item !== undefined && item !== items.get(key)) come.push(item)
    }
    exchange(gone, come)
  }

  const exchange = (gone: readonly Item[], come: readonly Item[]): void => {
    if (gone.length === 0 && come.length === 0) return
    // Beyond this a new tree is the lesser work, and all keys the shorter message.
    if ((gone.length + come.length) * 4 > items.size) {
      for (const { key } of gone) items.delete(key)
      for (const item of come) items.set(item.key, item)
      rebuild()
      return
    }
    const removed = gone.map((item) => tree.rank(item)).toSorted((a, b) => a - b)
    for (const item of gone) {
      tree.remove(item)
      items.delete(item.key)
    }
    for (const item of come) {
      tree.insert(item)
      items.set(item.key, item)
    }
    const added = come.map((item) => ({ at: tree.rank(item), key: item.key })).toSorted((a, b) => a.at - b.at)
    edits = { removed, added }
    version++
  }

  return {
    get size() {
      return tree.size
    },
    get version() {
      return version
    },
    get current() {
      return !all
    },
    get edits() {
      return edits
    },
    touch(key) {
      if (all) return
      touched.add(key)
      if (touched.size > MAX_TOUCHED + 2 * items.size) {
        touched.clear()
        all = true
      }
    },
    touchAll() {
      touched.clear()
      all = true
    },
    update(rows) {
      if (Array.isArray(rows.source)) {
        for (let i = Math.min(length, rows.size); i < Math.max(length, rows.size); i++) touched.add(i)
        length = rows.size
      } else if (length > 0) all = true
      if (all) {
        all = false
        touched.clear()
        length = Array.isArray(rows.source) ? rows.size : 0
        updateAll(rows)
        return
      }
      if (touched.size === 0) return
      const gone: Item[] = []
      const come: Item[] = []
      for (const key of touched) {
        const before = items.get(key)
        const now = itemOf(rows, key)
        if (now === before) continue
        if (before !== undefined) gone.push(before)
        if (now !== undefined) come.push(now)
      }
      touched.clear()
      exchange(gone, come)
    },
    slice: (from, count) => tree.slice(from, count).map(({ key }) => key),
  }
}
