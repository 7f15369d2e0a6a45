import type { Path, TypeNode } from '@rivulet/wire'
import type { RowSelection, Scalar } from '../../list-query.ts'
import { pathKey } from '../path-key.ts'
import type { StoreFeed } from '../store-feed.ts'
import { createKeyIndex, type KeyIndex } from './key-index.ts'

/** An index with the windows on it. */
export interface SharedIndex {
  readonly index: KeyIndex
  /** Adds a window; returns the function that takes it away again. `isKnown`: it has its value. */
  join(isKnown: () => boolean): () => void
  /** Whether a window other than this one has its value, so that the index is kept current. */
  isKnown(besides: () => boolean): boolean
}

const ofFeed = new WeakMap<StoreFeed, Map<string, SharedIndex>>()

/** The index of this selection: the one that other windows use, or a fresh one. It is gone with its last window. Throws a RangeError for a locale that is none. */
export function shareIndex(feed: StoreFeed, path: Path, row: TypeNode, select: RowSelection): SharedIndex {
  const id = signature(path, select)
  let known = ofFeed.get(feed)
  if (known === undefined) ofFeed.set(feed, (known = new Map()))
  const all = known
  const found = all.get(id)
  if (found !== undefined) return found
  const windows = new Set<() => boolean>()
  const made: SharedIndex = {
    index: createKeyIndex(feed.def.types, row, select),
    join(isKnown) {
      windows.add(isKnown)
      return () => {
        windows.delete(isKnown)
        if (windows.size === 0) all.delete(id)
      }
    },
    isKnown(besides) {
      for (const isKnown of windows) if (isKnown !== besides && isKnown()) return true
      return false
    },
  }
  all.set(id, made)
  return made
}

/** Different for selections that differ. */
function signature(path: Path, { orderBy, descending, collation, where }: RowSelection): string {
  const order = orderBy === undefined ? null : [pathKey(orderBy), descending === true, collation ?? null]
  const conditions = where?.map(({ field, op, value }) => [pathKey(field), op, plain(value)]) ?? []
  return JSON.stringify([pathKey(path), order, conditions])
}

function plain(value: Scalar | readonly Scalar[]): unknown {
  if (Array.isArray(value)) return value.map((one: Scalar) => plain(one))
  const text = value instanceof Date ? value.getTime() : value
  return `${value instanceof Date ? 'date' : typeof value}:${String(text)}`
}
