import { encodeState } from '@rivulet/wire'
import type { Checkpoint, Gap } from '../../feed-protocol.ts'
import { zeroState } from '../forget.ts'
import type { StoreFeed } from '../store-feed.ts'

/** Encoding takes at most one part in this many of the engine's time. */
const SHARE = 20

/** Of which so many milliseconds may be taken in advance: states that are small, or rarely asked for, are never refused. */
const ADVANCE_MS = 250

/** States of the stores between the messages of the ring, so that all others can be built. */
export interface Checkpoints {
  /** What they take up. */
  readonly bytes: number
  /** A message of the store is about to be taken. */
  before(feed: StoreFeed): void
  /** The message of number `seq` was applied. */
  applied(feed: StoreFeed, seq: number): void
  /** The state is about to change after entry `seq` in a way that no message tells; `within` = a message of this store is being taken. */
  odd(feed: StoreFeed, seq: number, within: boolean): void
  /** A part of the ring is complete: whatever changed in it gets a checkpoint. */
  close(): void
  /** The ring begins here now: what only served to build earlier moments goes. */
  drop(first: number): void
  /** All of them, and those that are due; time plays no role. */
  all(): { readonly checkpoints: readonly Checkpoint[]; readonly gaps: readonly Gap[] }
}

export interface CheckpointsHost {
  readonly feeds: ReadonlyMap<string, StoreFeed>
  readonly now: () => number
  /** Milliseconds from anywhere. */
  readonly stopwatch: () => number
  /** Makes room for so many bytes; false = there is none. */
  readonly room: (bytes: number) => boolean
}

interface Mark {
  readonly checkpoint: Checkpoint
  /** The number after which the state was not this any more; 0 = it still is. */
  until: number
}

interface Track {
  readonly feed: StoreFeed
  readonly marks: Mark[]
  gaps: number[]
  /** Number of the entry with which the state changed last. */
  last: number
  /** A checkpoint is to be taken before the next change. */
  due: boolean
  /** What has changed since the last one, messages do not say: without one there is a gap. */
  odd: boolean
  /** Messages were applied since the last one. */
  changed: boolean
}

/** Makes checkpoints for a ring that begins after entry `start`. States are encoded as late as possible: before their next change, or for somebody who wants to have the ring. */
export function createCheckpoints({ feeds, now, stopwatch, room }: CheckpointsHost, start: number): Checkpoints {
  const tracks = new Map<string, Track>()
  let bytes = 0
  /** Until when the time is spent that was granted. */
  let spent = -Infinity

  const trackOf = (feed: StoreFeed): Track => {
    const { name } = feed.def
    let track = tracks.get(name)
    if (track?.feed !== feed) {
      // Of another definition, which nobody uses any more.
      if (track !== undefined) forget(track)
      track = { feed, marks: [], gaps: [], last: track?.last ?? start, due: true, odd: false, changed: false }
      tracks.set(name, track)
    }
    return track
  }

  const forget = (track: Track): void => {
    for (const { checkpoint } of track.marks) bytes -= checkpoint.state.byteLength
    tracks.delete(track.feed.def.name)
  }

  const changed = (track: Track, seq: number): void => {
    track.last = seq
    const mark = track.marks.at(-1)
    if (mark !== undefined && mark.until === 0) mark.until = seq
  }

  const take = (track: Track, always: boolean): void => {
    const { feed, marks, last } = track
    const began = stopwatch()
    const state = always || spent < began + ADVANCE_MS ? encoded(feed) : null
    spent = Math.max(spent, began) + (stopwatch() - began) * SHARE
    if (state === null || !room(state.byteLength)) {
      if (track.odd) track.gaps.push(last)
      track.odd = false
      return
    }
    track.due = false
    track.odd = false
    track.changed = false
    // Nothing has passed since the one before, but the state has changed.
    if (marks.at(-1)?.checkpoint.seq === last) bytes -= (marks.pop() as Mark).checkpoint.state.byteLength
    if (track.gaps.at(-1) === last) track.gaps.pop()
    marks.push({ checkpoint: { store: feed.def.name, seq: last, at: now(), state }, until: 0 })
    bytes += state.byteLength
  }

  return {
    get bytes() {
      return bytes
    },
    before(feed) {
      const track = trackOf(feed)
      if (track.due) take(track, false)
    },
    applied(feed, seq) {
      const track = trackOf(feed)
      changed(track, seq)
      track.changed = true
    },
    odd(feed, seq, within) {
      // One that has the name of another store has never got a state.
      if (feeds.get(feed.def.name) !== feed) return
      const track = trackOf(feed)
      if (track.due && !within && track.last < seq) take(track, false)
      changed(track, seq)
      track.due = true
      track.odd = true
    },
    close() {
      for (const track of tracks.values()) track.due ||= track.changed
    },
    drop(first) {
      for (const track of tracks.values()) {
        const { marks } = track
        const isOver = (): boolean =>
          (marks[0]?.until ?? 0) !== 0 &&
          ((marks[0] as Mark).until < first || (marks[1]?.checkpoint.seq ?? first) < first)
        while (isOver()) bytes -= (marks.shift() as Mark).checkpoint.state.byteLength
        track.gaps = track.gaps.filter((seq) => seq >= first)
        if (track.last < first && feeds.get(track.feed.def.name) !== track.feed) forget(track)
      }
    },
    all() {
      for (const feed of feeds.values()) {
        const track = trackOf(feed)
        if (track.due) take(track, true)
      }
      const every = [...tracks.values()]
      return {
        checkpoints: every.flatMap(({ marks }) => marks.map(({ checkpoint }) => checkpoint)),
        gaps: every.flatMap(({ feed, gaps }) => gaps.map((seq) => ({ store: feed.def.name, seq }))),
      }
    },
  }
}

/** A state in wire bytes; null for one that cannot be encoded, which its pages hear of from their patches. */
function encoded({ def, state }: StoreFeed): ArrayBuffer | null {
  try {
    return encodeState(def, state ?? zeroState(def)).buffer
  } catch {
    return null
  }
}
