import { type Delta, decodeDelta, encodeDelta, mergeDelta, type StoreDef } from '@rivulet/wire'
import type { Message } from './outbox.ts'
import { fullMessage, partialMessage } from './store-messages.ts'

/** What a `storeupdate` message does, for whoever has to merge it with another. Shared by all viewers of the same bytes. */
export interface StoreUpdate {
  readonly def: StoreDef
  readonly bytes: Uint8Array
  /** Whether `bytes` are a whole state. */
  readonly whole: boolean
  /** Whether a viewer waits for this very message to know that a key of its has arrived. */
  readonly answers?: boolean
  /** The store's state as bytes, at the time of the call. */
  readonly full: () => Uint8Array
}

/** Updates of one store that wait for one viewer, as one update. */
export interface PendingUpdate {
  /** What is held, in bytes; never too little, and exact after {@link PendingUpdate.settle}. */
  readonly size: number
  add(update: StoreUpdate): void
  /** Merges what is still separate. */
  settle(): void
  /** Everything as one `storeupdate`, as of now. */
  message(): Message
}

/** Deltas are merged by the batch, because merging copies what is there already. */
const BATCH = 32
/** Smaller deltas are not measured: a few of them are never the problem. */
const WORTH_MEASURING = 64 * 1024

// The same bytes wait for many viewers.
const deltas = new WeakMap<Uint8Array, Delta>()

/**
 * Starts with `first` (session.md §7): deltas are merged, a full state takes the place of everything before it, and of everything after it too, because the
 * state is read only when it is sent. A merged delta that outgrows the state becomes the state.
 */
export function pendingUpdate(first: StoreUpdate): PendingUpdate {
  const { def, full } = first
  let pieces: Delta[] = []
  let whole = false
  let size = 0

  function becomeWhole(bytes: number): void {
    whole = true
    pieces = []
    size = bytes
  }

  function settle(): void {
    if (pieces.length < 2) return
    // The newer ones among themselves first: the oldest is the big one.
    const newer = pieces.slice(2).reduce((a, b) => mergeDelta(def, a, b), pieces[1] as Delta)
    const merged = mergeDelta(def, pieces[0] as Delta, newer)
    pieces = [merged]
    size = encodeDelta(def, merged).length
    if (size < WORTH_MEASURING) return
    const most = full().length
    if (size > most) becomeWhole(most)
  }

  function add(update: StoreUpdate): void {
    if (update.whole) {
      becomeWhole(update.bytes.length)
      return
    }
    if (whole) return
    pieces.push(deltaOf(update))
    size += update.bytes.length
    if (pieces.length >= BATCH) settle()
  }

  add(first)
  return {
    get size() {
      return size
    },
    add,
    settle,
    message() {
      settle()
      return whole ? fullMessage(def, full) : partialMessage(def, encodeDelta(def, pieces[0] as Delta), full)
    },
  }
}

function deltaOf({ def, bytes }: StoreUpdate): Delta {
  let delta = deltas.get(bytes)
  if (delta === undefined) deltas.set(bytes, (delta = decodeDelta(def, bytes)))
  return delta
}
