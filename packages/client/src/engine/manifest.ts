import type { Events } from './events.ts'
import { leaveSession } from './leave-session.ts'
import { enterStore, isListable, keysChanged } from './store-session.ts'
import type { StoreFeed } from './store-feed.ts'

/**
 * What is known about the session when a connection attaches. `fresh`: a new one. `exact`: the host says what was lost. `trusting`: it does not, and the app wants to believe that nothing was.
 * `doubting`: it does not, so every store starts from a new baseline.
 */
export type Footing = 'fresh' | 'exact' | 'trusting' | 'doubting'

/** The subscriptions of a `viewersessionattach`: all that the viewer wants (session.md §7). */
export interface Manifest {
  readonly storeSubscriptions: readonly { readonly storeName: string; readonly key: string }[]
  readonly keyedEventSubscriptions: readonly {
    readonly storeName: string
    readonly eventName: string
    readonly action: 0
    readonly key: string
  }[]
  readonly dataStreamSubscriptions: readonly StreamSubscription[]
}

/** A data stream as a manifest lists it. */
interface StreamSubscription {
  readonly subscriptionID: string
  readonly storeName: string
  readonly streamName: string
  readonly key: string
}

/** Whoever holds data streams. */
export interface StreamProvider {
  manifest(): readonly StreamSubscription[]
}

/** Hosts of other builds take messages of a million bytes (session.md §1); what does not fit is subscribed after the attach. */
const MAX_MANIFEST_BYTES = 900_000

/** Even the longest names of an entry's fields. */
const ENTRY_BYTES = 96

/** Lists the engine's subscriptions, and squares them with what the host made of the list. */
export interface ManifestBook {
  /** Lists what is wanted now. */
  list(footing: Footing): Manifest
  /** The host has taken the last list; `baselines` = stores that it sends anew, null when it does not say. */
  settle(footing: Footing, baselines: ReadonlySet<string> | null): void
  /** Stores of the last list. */
  stores(): Set<string>
}

export function createManifestBook(options: {
  readonly feeds: () => Iterable<StoreFeed>
  readonly events: Pick<Events, 'tuples' | 'entered'>
  readonly streams: StreamProvider | undefined
  /** Whether this store may be listed; otherwise it is subscribed later, by itself. */
  readonly admits: (store: string) => boolean
}): ManifestBook {
  const { feeds, events, streams, admits } = options
  let listed = new Map<StoreFeed, ReadonlyMap<string, string>>()
  let tuples: ReturnType<Events['tuples']> = []

  return {
    list(footing) {
      listed = new Map()
      let bytes = 0
      const fits = (...names: string[]): boolean => {
        let size = ENTRY_BYTES
        // Three bytes are the most that a UTF-16 unit can take in UTF-8.
        for (const name of names) size += 3 * name.length
        bytes += size
        return bytes <= MAX_MANIFEST_BYTES
      }
      tuples = events.tuples().filter((t) => admits(t.store) && fits(t.store, t.event, t.key))
      for (const feed of feeds()) {
        const { name } = feed.def
        if (feed.keys.size === 0 || feed.held !== null || !admits(name)) continue
        if (footing === 'doubting' || (footing === 'trusting' && !isListable(feed))) continue
        const keys = new Map(Array.from(feed.keys.values(), ({ id, wire }) => [id, wire]))
        // All of a store or nothing: half of its keys would be a changed set for the host.
        if ([...keys.values()].every((wire) => fits(name, wire))) listed.set(feed, keys)
      }
      return {
        storeSubscriptions: [...listed].flatMap(([{ def }, keys]) =>
          Array.from(keys.values(), (key) => ({ storeName: def.name, key })),
        ),
        keyedEventSubscriptions: tuples.map(({ store, event, key }) => ({
          storeName: store,
          eventName: event,
          action: 0,
          key,
        })),
        dataStreamSubscriptions: streams?.manifest() ?? [],
      }
    },
    settle(footing, baselines) {
      for (const feed of feeds()) {
        const keys = listed.get(feed)
        if (keys === undefined) leaveSession(feed)
        else {
          const anew =
            footing === 'fresh' ||
            baselines?.has(feed.def.name) === true ||
            (footing === 'trusting' && keysChanged(feed))
          enterStore(feed, keys, anew)
        }
      }
      events.entered(tuples)
    },
    stores: () => new Set([...Array.from(listed.keys(), ({ def }) => def.name), ...tuples.map((t) => t.store)]),
  }
}
