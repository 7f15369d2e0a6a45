import { isUpdate } from '../../../recording/history.ts'
import type { Recording } from '../../../recording/recording.ts'

/** A point of the timeline: right after entry `seq`. */
export interface Moment {
  readonly seq: number
  readonly at: number
  readonly kind: 'update' | 'resync' | 'connection'
  /** Of an update or a resync. */
  readonly store?: string
  /** In a few words. */
  readonly what: string
  /** Of an update. */
  readonly bytes: number
}

/**
 * The points of a recording at which something happened to a store, or to the connection, oldest first. `store` leaves out the other stores.
 */
export function momentsOf({ ring }: Recording, store = ''): readonly Moment[] {
  const moments: Moment[] = []
  for (const entry of ring.entries) {
    const { seq, at } = entry
    if (entry.type === 'connection') moments.push({ seq, at, kind: 'connection', what: entry.status.state, bytes: 0 })
    else if (entry.type === 'resync' && (store === '' || store === entry.store))
      moments.push({ seq, at, kind: 'resync', store: entry.store, what: `resync: ${entry.error.what}`, bytes: 0 })
    else if (isUpdate(entry) && (store === '' || store === entry.store))
      moments.push({ seq, at, kind: 'update', store: entry.store, what: entry.update ?? 'partial', bytes: entry.bytes })
  }
  return moments
}

/** Index of the last moment up to `value` of `by`; -1 before the first. */
export function lastUpTo(moments: readonly Moment[], by: 'seq' | 'at', value: number): number {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] as Moment)[by] <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
