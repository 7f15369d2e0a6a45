import type { StoreDef } from '@rivulet/client'
import { rebaseAt } from '@rivulet/client/concurrent'
import type { Changes, Entry } from './ledger.ts'

/** Values of entries. */
export type Values = ReadonlyMap<Entry, unknown>

/** Values of entries as React has them in some render: after the changes that this render includes. */
export interface Picture {
  /** What the component showed when it began to follow what it follows; null in the picture of a whole tree. It says which beginning the values belong to. */
  readonly baseline: Values | null
  readonly values: Values
}

/** A patch for a picture. */
export interface Advance {
  readonly def: StoreDef
  readonly changes: Changes
  readonly baseline: Values | null
}

export const NOTHING: Values = new Map()
export const EMPTY: Picture = { baseline: null, values: NOTHING }

/**
 * The reducer that React replays: a patch applied to a picture. When an urgent patch overtakes one that still renders in a transition, React leaves that one out and applies the urgent one to the state before it; in the end it applies both,
 * in their order.
 */
export function advance(picture: Picture, { def, changes, baseline }: Advance): Picture {
  const before = picture.baseline === baseline ? picture.values : NOTHING
  const values = new Map<Entry, unknown>()
  // Entries that nobody reads any more are of no use to any render to come.
  for (const [entry, value] of before) if (entry.readers.size > 0) values.set(entry, value)
  for (const [entry, { from, to }] of changes) {
    if (baseline !== null && !baseline.has(entry)) continue
    const base = before.has(entry) ? before.get(entry) : baseline === null ? from : baseline.get(entry)
    values.set(entry, rebaseAt(def, entry.path, base, from, to))
  }
  return { baseline, values }
}
