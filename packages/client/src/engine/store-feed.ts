import type { Path, Report, StoreDef } from '@rivulet/wire'
import type { Delivery, PlainError } from '../protocol.ts'
import type { Clock } from './clock.ts'
import type { DeliveryKey } from './delivery-keys.ts'
import type { Extra } from './extra.ts'
import type { CreateListView } from './extras.ts'
import type { PatchSource } from './patch-builder.ts'
import { markClean, type WatchEntry } from './watch-entry.ts'
import { createWatchTrie, reportChange, type WatchTrie } from './watch-trie.ts'

/** What a feed needs from the engine around it. */
export interface FeedHost {
  readonly clock: Clock
  readonly delivery: Delivery
  /** What may be wrong when a host does not answer a subscription. */
  readonly silenceHint: string
  /** How many keys this store may have now. */
  keyLimit(): number
  /** Whether subscriptions of this store may go out now. */
  ask(store: string): boolean
  /** Sends a `storesub`: 0 subscribes, 1 unsubscribes. */
  emitSub(feed: StoreFeed, wire: string, action: 0 | 1): void
  /** The feed may have news for the page. */
  news(feed: StoreFeed): void
  /** Makes the views of watches with a query. */
  readonly lists: Extra<CreateListView>
  /** There is news outside of any message and any call. */
  flush(): void
  /** `resynced` = the store whose state was given up for it. */
  error(error: PlainError, resynced?: StoreFeed): void
  /** The state is about to change otherwise than by the messages of the host, or further than these say; call it first. */
  odd?(feed: StoreFeed): void
}

/** A key that is subscribed, or will be as soon as the connection allows. */
export interface KeySub extends DeliveryKey {
  readonly id: string
  /** Sent on this connection, and when. */
  sent: boolean
  sentAt: number
  /** Its catch-up has arrived on this connection. */
  live: boolean
  /** The state has its data, possibly outdated. */
  held: boolean
  /** What it has is from an earlier visit. */
  restored: boolean
  /** It was live when the connection ended: a session that is resumed without loss goes on from there. */
  kept: boolean
}

/** One store: what the page watches of it, what is subscribed for that, and the state. */
export interface StoreFeed {
  readonly def: StoreDef
  readonly host: FeedHost
  readonly trie: WatchTrie
  /** Tells the watches of a changed path. */
  readonly report: Report
  readonly entries: Map<number, WatchEntry>
  /** By seat: what its page has not been told yet. */
  readonly sources: Map<number, PatchSource>
  /** Watched paths, and those in their grace period (count 0). */
  readonly paths: Map<string, { readonly path: Path; count: number; leaves: number }>
  planned: Map<string, DeliveryKey>
  readonly keys: Map<string, KeySub>
  /** Catch-ups that are still to come on this connection, in the order of the subscriptions; also those of keys that are not wanted any more. */
  awaiting: { readonly sub: KeySub; readonly at: number }[]
  /** Keys that a session's baseline is to bring, all in the next update; null when none is due. */
  baseline: ReadonlySet<string> | null
  /** Keys that the host certainly held for us when the connection ended; null when that is not certain. */
  settled: ReadonlySet<string> | null
  /** The host sends whole states whatever the key says (session.md §4.3). */
  fullStore: boolean
  state: unknown
  /** How many messages of the host have been applied. */
  applied: number
  /** Why nothing is sent for now: `blocked` by the host, or waiting to `resync`. */
  held: 'blocked' | 'resync' | null
  error: PlainError | undefined
  failures: number
  failedAt: number
  cancelTimer: (() => void) | null
  collapsed: boolean
  /** Blocked for good: another definition has the store's name. */
  conflict: boolean
}

export function createStoreFeed(def: StoreDef, host: FeedHost): StoreFeed {
  const trie = createWatchTrie()
  // A value that the state does not properly have yet is no news; it is sent as a whole once it is there.
  const changed = (entry: WatchEntry): void => {
    if (entry.known) entry.untold.news.add(entry)
    else markClean(entry)
  }
  return {
    def,
    host,
    trie,
    report: (path, depth) => reportChange(trie, path, depth, changed),
    entries: new Map(),
    sources: new Map(),
    paths: new Map(),
    planned: new Map(),
    keys: new Map(),
    awaiting: [],
    baseline: null,
    settled: null,
    fullStore: false,
    state: undefined,
    applied: 0,
    held: null,
    error: undefined,
    failures: 0,
    failedAt: -Infinity,
    cancelTimer: null,
    collapsed: false,
    conflict: false,
  }
}

/** What the page at `seat` has not been told yet about this store. */
export function sourceOf(feed: StoreFeed, seat: number): PatchSource {
  let source = feed.sources.get(seat)
  if (source === undefined) {
    source = {
      def: feed.def,
      get state() {
        return feed.state
      },
      news: new Set(),
      absent: new Set(),
    }
    feed.sources.set(seat, source)
  }
  return source
}
