import type { FeedEntry, RingCopy } from '../../feed-protocol.ts'
import { type Checkpoints, type CheckpointsHost, createCheckpoints } from './checkpoints.ts'

/** What an entry without its bytes and texts takes up, about. */
const ENTRY_BYTES = 256

/** The ring consists of this many pieces when it is full; the oldest goes as a whole. */
const PIECES = 4

/** The youngest entries with their bytes, within a number of bytes. */
export interface Ring {
  /** What it may hold. */
  readonly limit: number
  readonly checkpoints: Checkpoints
  /** Adds the next entry. `within` = it comes of a message that is being dealt with, and stays in one piece with it. False: its payload was too large to be kept. */
  add(entry: FeedEntry, payload: Uint8Array | null, within: boolean): boolean
  /** A copy of the payload of entry `seq`; null when it is not there, or has none. */
  bytesOf(seq: number): ArrayBuffer | null
  /** The entries that it holds up to number `seq`, without that one. */
  entriesBefore(seq: number): readonly FeedEntry[]
  copy(): RingCopy
  /** Changes what it may hold. */
  resize(limit: number): void
}

interface Piece {
  readonly first: number
  readonly entries: FeedEntry[]
  /** Where the payload of each entry begins in `payloads`; -1 = it has none. */
  readonly starts: number[]
  readonly sizes: number[]
  payloads: Uint8Array<ArrayBuffer>
  used: number
  bytes: number
}

const createPiece = (first: number): Piece => ({
  first,
  entries: [],
  starts: [],
  sizes: [],
  payloads: new Uint8Array(4096),
  used: 0,
  bytes: 0,
})

/** Makes an empty ring of `limit` bytes, which begins after entry `start`. */
export function createRing(limit: number, start: number, host: Omit<CheckpointsHost, 'room'>): Ring {
  let most = limit
  let newest = createPiece(start + 1)
  const pieces: Piece[] = [newest]
  let bytes = 0

  const dropOldest = (): void => {
    bytes -= (pieces.shift() as Piece).bytes
    checkpoints.drop((pieces[0] as Piece).first)
  }

  const checkpoints = createCheckpoints(
    {
      ...host,
      room(more) {
        while (checkpoints.bytes + more > most / 2 && pieces.length > 1) dropOldest()
        return checkpoints.bytes + more <= most / 2
      },
    },
    start,
  )

  const fit = (): void => {
    while (bytes + checkpoints.bytes > most && pieces.length > 1) dropOldest()
  }

  return {
    get limit() {
      return most
    },
    checkpoints,
    add(entry, payload, within) {
      if (!within && newest.bytes > most / PIECES) {
        checkpoints.close()
        // Not more than it needs, now that no more comes.
        newest.payloads = newest.payloads.slice(0, newest.used)
        newest = createPiece(entry.seq)
        pieces.push(newest)
      }
      const kept = payload !== null && payload.length <= most / 2
      newest.entries.push(entry)
      newest.starts.push(kept ? newest.used : -1)
      newest.sizes.push(kept ? payload.length : 0)
      if (kept) append(newest, payload)
      const size = ENTRY_BYTES + textBytes(entry) + (kept ? payload.length : 0)
      newest.bytes += size
      bytes += size
      fit()
      return kept || payload === null
    },
    bytesOf(seq) {
      const piece = pieces.findLast(({ first }) => first <= seq)
      return piece === undefined ? null : payloadOf(piece, seq - piece.first)
    },
    entriesBefore: (seq) => pieces.flatMap(({ entries }) => entries.filter((entry) => entry.seq < seq)),
    copy() {
      const { checkpoints: states, gaps } = checkpoints.all()
      const entries = pieces.flatMap((piece) => piece.entries)
      const payloads: [number, ArrayBuffer][] = []
      for (const piece of pieces) {
        for (let i = 0; i < piece.starts.length; i++) {
          const payload = payloadOf(piece, i)
          if (payload !== null) payloads.push([piece.first + i, payload])
        }
      }
      return {
        first: entries[0]?.seq ?? 0,
        last: entries.at(-1)?.seq ?? 0,
        entries,
        payloads,
        checkpoints: states.map((one) => ({ ...one, state: one.state.slice() })),
        ...(gaps.length === 0 ? {} : { gaps }),
      }
    },
    resize(to) {
      most = to
      fit()
    },
  }
}

/** Payloads lie in one buffer per piece: a buffer for each would cost more than most messages. */
function append(piece: Piece, payload: Uint8Array): void {
  const end = piece.used + payload.length
  if (end > piece.payloads.length) {
    const larger = new Uint8Array(Math.max(end, 2 * piece.payloads.length))
    larger.set(piece.payloads.subarray(0, piece.used))
    piece.payloads = larger
  }
  piece.payloads.set(payload, piece.used)
  piece.used = end
}

function payloadOf({ starts, sizes, payloads }: Piece, i: number): ArrayBuffer | null {
  const start = starts[i] ?? -1
  return start < 0 ? null : payloads.slice(start, start + (sizes[i] as number)).buffer
}

function textBytes(entry: FeedEntry): number {
  if (entry.type === 'frame')
    return (
      2 *
      ((entry.store?.length ?? 0) + (entry.name?.length ?? 0) + (entry.key?.length ?? 0) + (entry.event?.length ?? 0))
    )
  return 'error' in entry ? 2 * (entry.error?.what.length ?? 0) : 0
}
