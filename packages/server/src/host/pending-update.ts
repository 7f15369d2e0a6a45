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
  /** Counts what its group of viewers was told, so that all of them merge the same stretches. */
  readonly turn?: number
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

/**
 * Deltas are merged by the batch, because merging copies what is there already. Batches end at multiples of this: viewers that wait for the same updates, since whenever,
 * then merge the same stretches, and each stretch is merged once for all of them.
 */
const BATCH = 32
/** Smaller deltas are not measured: a few of them are never the problem. */
const WORTH_MEASURING = 64 * 1024

// The same bytes wait for many viewers, and so does what they are merged into. By the first of the pieces, which lives as long as somebody may ask.
const deltas = new WeakMap<Uint8Array, Delta>()
const stretches = new WeakMap<Delta, Stretch>()

interface Stretch {
  readonly pieces: readonly Delta[]
  /** Weak, because it is the first piece of the next stretch: whoever still holds the first delta of all would hold everything that was ever merged into it. */
  readonly merged: WeakRef<Delta>
  /** Encoded, once somebody has asked. */
  size?: number
}

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
    // The newer ones among themselves first: the oldest is the big one, and each viewer's own.
    const [newer] = stretchOf(def, pieces.slice(1))
    const [merged, all] = stretchOf(def, [pieces[0] as Delta, newer])
    pieces = [merged]
    size = all.size ??= encodeDelta(def, merged).length
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
    if (pieces.length > BATCH || (update.turn ?? 1) % BATCH === 0) settle()
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

/** The deltas as one. Asked for the same ones again, it answers the same delta. */
function stretchOf(def: StoreDef, pieces: readonly Delta[]): readonly [merged: Delta, stretch: Stretch] {
  const first = pieces[0] as Delta
  const known = stretches.get(first)
  if (known?.pieces.length === pieces.length && pieces.every((piece, i) => piece === known.pieces[i])) {
    const merged = known.merged.deref()
    if (merged !== undefined) return [merged, known]
  }
  const merged = pieces.reduce((a, b) => mergeDelta(def, a, b))
  const stretch: Stretch = { pieces, merged: new WeakRef(merged) }
  stretches.set(first, stretch)
  return [merged, stretch]
}
