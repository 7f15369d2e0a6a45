import { encodeState } from '@rivulet/wire'
import type { FeedStore } from '../../feed-protocol.ts'
import { seatOf } from '../seats.ts'
import type { StoreFeed } from '../store-feed.ts'
import { type Answer, malformed } from './inspector.ts'
import type { Ring } from './ring.ts'

/** Messages whose bytes are given out at once. */
const MAX_SEQS = 10_000

/** A larger ring would be kept by nobody who means it. */
const MAX_RING_BYTES = 2 ** 30

/** What answers are made of. */
export interface Known {
  readonly feeds: ReadonlyMap<string, StoreFeed>
  readonly ring: Ring | null
  /** Number of the newest entry. */
  readonly seq: () => number
  readonly now: () => number
  /** Number of the update that changed a store last. */
  readonly changedAt: (store: string) => number
  /** Changes the size of the ring. */
  readonly keep: (ringBytes: number) => void
}

/** Answers a request of an inspector. Throws `protocol` for anything else. */
export function answerTo(
  known: Known,
  { type, store, seqs, ringBytes }: Readonly<Record<string, unknown>>,
): Answer | null {
  const { feeds, ring } = known
  switch (type) {
    case 'stores':
      return [
        { type, stores: Array.from(feeds.values(), (feed) => describe(feed, known.changedAt(feed.def.name))) },
        [],
      ]
    case 'bytes': {
      if (!Array.isArray(seqs) || seqs.length > MAX_SEQS || new Set(seqs).size < seqs.length)
        throw malformed(`bytes are asked for by at most ${MAX_SEQS} different numbers`)
      const bytes = (seqs as readonly unknown[]).map((seq) => ring?.bytesOf(seq as number) ?? null)
      return [{ type, bytes }, bytes.filter((one) => one !== null)]
    }
    case 'state': {
      const feed = feeds.get(store as string)
      if (feed?.state === undefined) return [{ type, checkpoint: null }, []]
      const state = encodeState(feed.def, feed.state).buffer
      return [{ type, checkpoint: { store: feed.def.name, seq: known.seq(), at: known.now(), state } }, [state]]
    }
    case 'ring': {
      const copy = ring?.copy() ?? { first: 0, last: 0, entries: [], payloads: [], checkpoints: [] }
      const buffers = [...copy.payloads.map(([, bytes]) => bytes), ...copy.checkpoints.map(({ state }) => state)]
      return [{ type, ring: copy }, buffers]
    }
    case 'keep':
      if (typeof ringBytes !== 'number' || !(ringBytes >= 0 && ringBytes <= MAX_RING_BYTES))
        throw malformed(`a ring has 0 to ${MAX_RING_BYTES} bytes`)
      known.keep(ringBytes)
      return [{ type: 'bytes', bytes: [] }, []]
    default:
      throw malformed(`an inspector cannot ask for "${String(type)}"`)
  }
}

function describe(feed: StoreFeed, seq: number): FeedStore {
  return {
    name: feed.def.name,
    keys: Array.from(feed.keys.values(), ({ wire, path, sent, live }) => ({ wire, path, sent, live })),
    watches: Array.from(feed.entries, ([id, { path, view }]) => ({ page: seatOf(id), path, list: view !== null })),
    fullStore: feed.fullStore,
    ...(feed.held === null ? {} : { held: feed.held }),
    ...(feed.error === undefined ? {} : { error: feed.error }),
    seq,
  }
}
