import type { StoreDef } from '@rivulet/wire'
import type { PlainError, Watch } from '../protocol.ts'
import { closeFeed, plan, refuse, sendKeys, unblock } from './feed-keys.ts'
import { expirePaths, unwatchPath, watchPaths } from './feed-paths.ts'
import { createGrace } from './grace.ts'
import { failure } from './plain-error.ts'
import { seatOf } from './seats.ts'
import { createStoreFeed, type FeedHost, type StoreFeed } from './store-feed.ts'

/** Subscriptions that a host lets one viewer have (session.md §9). */
const MAX_SUBSCRIPTIONS = 4096

/** Most keys of one store; more collapse to their common parents. */
const MAX_KEYS_PER_STORE = 256

/** All stores of an engine, and the pages' watches of them. Numbers of stores and watches carry their seat (seats.ts). */
export interface Feeds {
  /** By name; without those that have another one's name. */
  readonly named: ReadonlyMap<string, StoreFeed>
  /** The page calls this store by that number from now on. False: pages at other seats use another definition of it, so this one cannot be served. */
  define(store: number, def: StoreDef): boolean
  watch(watches: readonly Watch[]): void
  unwatch(ids: readonly number[]): void
  /** The page at this seat is gone, with its watches and its numbers. */
  leave(seat: number): void
  /** How many keys one store may have now. */
  keyLimit(): number
  /** Names of the stores with keys. */
  subscribed(): Set<string>
  /** Sends what was not sent on this connection. */
  sendKeys(store: string): void
  /** Gives a store up, with `error` for those who watch it. */
  refuse(store: string, error: PlainError): void
  /** Another chance for a store that was given up. */
  unblock(store: string): void
  /** The connection is gone. */
  closed(): void
  clear(): void
}

/** Makes the stores of an engine. `giveAnotherChance` is told of stores that something new is wanted of. */
export function createFeeds(options: {
  readonly host: FeedHost
  /** How long a path stays subscribed after its last watch, milliseconds. */
  readonly graceMs: number
  readonly giveAnotherChance: (store: string) => void
}): Feeds {
  const { host, graceMs, giveAnotherChance } = options
  const { clock } = host
  const feeds = new Map<number, StoreFeed>()
  const named = new Map<string, StoreFeed>()
  const watchFeed = new Map<number, StoreFeed>()
  const grace = createGrace<StoreFeed>(clock, graceMs, (feed, keys) => expirePaths(feed, keys, clock.now()))
  let keyLimit = MAX_KEYS_PER_STORE

  /** Each once, however many numbers it has; also those that only wait for the end of their grace period. */
  const all = (): Set<StoreFeed> => new Set([...named.values(), ...feeds.values()])

  const seatsOf = (feed: StoreFeed): Set<number> => {
    const seats = new Set<number>()
    for (const [store, one] of feeds) if (one === feed) seats.add(seatOf(store))
    return seats
  }

  /** Nobody defines it any more and nothing of it is subscribed: it makes room for another definition. */
  const isUnused = (feed: StoreFeed): boolean =>
    feed.paths.size === 0 && feed.keys.size === 0 && seatsOf(feed).size === 0

  /** Spreads the subscriptions that one viewer may have over the stores in use; half of them, because a change of keys holds both sets for a moment. */
  function spreadKeys(): void {
    let used = 0
    for (const feed of all()) if (feed.paths.size > 0) used++
    const limit = Math.max(1, Math.min(MAX_KEYS_PER_STORE, Math.floor(MAX_SUBSCRIPTIONS / 2 / Math.max(1, used))))
    const fewer = limit < keyLimit
    keyLimit = limit
    if (fewer) for (const feed of all()) if (feed.planned.size > limit) plan(feed)
  }

  return {
    named,
    define(store, def) {
      if (feeds.has(store)) return true
      let known = named.get(def.name)
      if (known !== undefined && isUnused(known)) known = undefined
      // A module that was loaded twice, or again, defines the same store under another number.
      const same = known !== undefined && JSON.stringify(known.def) === JSON.stringify(def)
      // Two builds of an app, each with a schema of its own, may be open at the same time: neither is wrong.
      if (known !== undefined && !same && !seatsOf(known).has(seatOf(store))) return false
      const feed = known !== undefined && same ? known : createStoreFeed(def, host)
      feeds.set(store, feed)
      if (known === undefined) named.set(def.name, feed)
      if (known === undefined || known === feed) return true
      feed.conflict = true
      refuse(feed, failure('config', 'two different definitions of one store are in use', { store: def.name }))
      return true
    },
    watch(watches) {
      const perFeed = new Map<StoreFeed, Watch[]>()
      for (const w of watches) {
        const feed = feeds.get(w.store)
        if (feed === undefined) {
          host.error(failure('unknown-store', `watch ${w.id} is on store number ${w.store}, which was not defined`))
          continue
        }
        if (watchFeed.has(w.id)) continue
        watchFeed.set(w.id, feed)
        const list = perFeed.get(feed)
        if (list === undefined) perFeed.set(feed, [w])
        else list.push(w)
      }
      for (const [feed, list] of perFeed) {
        giveAnotherChance(feed.def.name)
        watchPaths(feed, list)
      }
      spreadKeys()
    },
    unwatch(ids) {
      for (const id of ids) {
        const feed = watchFeed.get(id)
        if (feed === undefined) continue
        watchFeed.delete(id)
        const key = unwatchPath(feed, id, clock.now() + graceMs)
        if (key !== null) grace.add(feed, key)
      }
    },
    leave(seat) {
      this.unwatch([...watchFeed.keys()].filter((id) => seatOf(id) === seat))
      for (const feed of all()) feed.sources.delete(seat)
      for (const store of feeds.keys()) if (seatOf(store) === seat) feeds.delete(store)
    },
    keyLimit: () => keyLimit,
    subscribed() {
      const stores = new Set<string>()
      for (const feed of all()) if (feed.keys.size > 0) stores.add(feed.def.name)
      return stores
    },
    sendKeys(store) {
      const feed = named.get(store)
      if (feed !== undefined) sendKeys(feed)
    },
    refuse(store, error) {
      const feed = named.get(store)
      if (feed === undefined) host.error(error)
      else refuse(feed, error)
    },
    unblock(store) {
      const feed = named.get(store)
      if (feed !== undefined) unblock(feed)
    },
    closed() {
      for (const feed of all()) closeFeed(feed)
    },
    clear() {
      feeds.clear()
      named.clear()
      watchFeed.clear()
    },
  }
}
