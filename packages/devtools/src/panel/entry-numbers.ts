import type { Checkpoint, FeedEntry, FeedStore, RingCopy } from '@rivulet/client/inspect'
import type { PageEvent } from '../protocol.ts'
import type { Era } from './client-model.ts'

/** Makes one row of numbers of those of several engines, each of which counts from 1. */
export interface EntryNumbers {
  readonly eras: readonly Era[]
  /** An engine speaks: another one, or the same again (`since` tells); true for another. */
  begin(since: number): boolean
  readonly entry: (entry: FeedEntry) => FeedEntry
  page(event: PageEvent): PageEvent
  readonly store: (store: FeedStore) => FeedStore
  readonly checkpoint: (checkpoint: Checkpoint) => Checkpoint
  ring(ring: RingCopy): RingCopy
  /** The number in this engine; undefined for entries of one before it. */
  inEngine(seq: number): number | undefined
}

const MAX_ERAS = 100
/** More patches than an engine ever sends. */
const PATCHES = 1e10

/** Makes the numbers of one client. */
export function createEntryNumbers(): EntryNumbers {
  let eras: readonly Era[] = []
  let engine: number | undefined
  let highest = 0
  let offset = 0
  // Patches have numbers of their own, which the page counts, too; it may know of another engine before that has said hello.
  let engines = 0
  let pageEngines = 0
  let pageNumber = 0
  const seqOf = (seq: number): number => {
    if (seq + offset > highest) highest = seq + offset
    return seq + offset
  }
  const numbers: EntryNumbers = {
    get eras() {
      return eras
    },
    begin(since) {
      if (since === engine) return false
      if (engine !== undefined) engines++
      if (pageEngines < engines) {
        pageEngines = engines
        pageNumber = 0
      }
      engine = since
      offset = highest
      eras = [...eras.slice(1 - MAX_ERAS), { seq: offset + 1, at: Date.now() }]
      return true
    },
    entry(entry) {
      const seq = seqOf(entry.seq)
      // The usual case: nothing is copied.
      if (offset === 0 && engines === 0) return entry
      if (entry.type !== 'patch') return { ...entry, seq }
      return {
        ...entry,
        seq,
        number: entry.number + engines * PATCHES,
        ...(entry.from === undefined ? {} : { from: entry.from + offset }),
        ...(entry.to === undefined ? {} : { to: entry.to + offset }),
      }
    },
    page(event) {
      if (event.type !== 'patch') return event
      if (event.number <= pageNumber) pageEngines++
      pageNumber = event.number
      return pageEngines === 0 ? event : { ...event, number: event.number + pageEngines * PATCHES }
    },
    store: (store) => (store.seq === 0 ? store : { ...store, seq: seqOf(store.seq) }),
    checkpoint: (checkpoint) => ({ ...checkpoint, seq: checkpoint.seq + offset }),
    ring: (ring: RingCopy & { readonly gaps?: readonly { readonly seq: number }[] }) => ({
      ...ring,
      ...(ring.gaps === undefined ? {} : { gaps: ring.gaps.map((gap) => ({ ...gap, seq: gap.seq + offset })) }),
      ...(ring.entries.length === 0 ? {} : { first: ring.first + offset, last: ring.last + offset }),
      entries: ring.entries.map(numbers.entry),
      payloads: ring.payloads.map(([seq, bytes]) => [seq + offset, bytes]),
      checkpoints: ring.checkpoints.map(numbers.checkpoint),
    }),
    inEngine: (seq) => (seq > offset ? seq - offset : undefined),
  }
  return numbers
}
