import { nodeAt, type Path, type Report, type StoreDef, stateNode } from '@rivulet/wire'
import type { Delivery, PathStatus, PlainError } from '../protocol.ts'
import type { Clock } from './clock.ts'
import { covers, type DeliveryKey, deliveryKeys } from './delivery-keys.ts'
import { forget } from './forget.ts'
import { isPrefix, partKey, pathKey } from './path-key.ts'
import { failure, plainError } from './plain-error.ts'
import { createWatchEntry, markClean, markWhole, type WatchEntry } from './watch-entry.ts'
import { addWatch, createWatchTrie, removeWatch, reportChange, type WatchTrie } from './watch-trie.ts'

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
  error(error: PlainError): void
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
  /** Why nothing is sent for now: `blocked` by the host, or waiting to `resync`. */
  held: 'blocked' | 'resync' | null
  error: PlainError | undefined
  failures: number
  failedAt: number
  cancelTimer: (() => void) | null
  collapsed: boolean
  /** Blocked for good: another definition has the store's name. */
  conflict: boolean
  readonly news: Set<WatchEntry>
  /** Watches that the page was told to be missing. */
  readonly absent: Set<WatchEntry>
}

export function createStoreFeed(def: StoreDef, host: FeedHost): StoreFeed {
  const trie = createWatchTrie()
  const news = new Set<WatchEntry>()
  // A value that the state does not properly have yet is no news; it is sent as a whole once it is there.
  const changed = (entry: WatchEntry): void => {
    if (entry.known) news.add(entry)
    else markClean(entry)
  }
  return {
    def,
    host,
    trie,
    report: (path, depth) => reportChange(trie, path, depth, changed),
    entries: new Map(),
    paths: new Map(),
    planned: new Map(),
    keys: new Map(),
    awaiting: [],
    baseline: null,
    settled: null,
    fullStore: false,
    state: undefined,
    held: null,
    error: undefined,
    failures: 0,
    failedAt: -Infinity,
    cancelTimer: null,
    collapsed: false,
    conflict: false,
    news,
    absent: new Set(),
  }
}

/** Adds watches of the page. One plan for all of them: call it with as many as there are. */
export function watchPaths(feed: StoreFeed, watches: Iterable<{ readonly id: number; readonly path: Path }>): void {
  let replan = false
  for (const { id, path } of watches) {
    if (feed.entries.has(id)) continue
    const entry = createWatchEntry(id, path)
    feed.entries.set(id, entry)
    const problem = checkPath(feed, path)
    if (problem !== null) {
      setStatus(feed, entry, 'error', problem)
      continue
    }
    addWatch(feed.trie, entry)
    const key = pathKey(path)
    const known = feed.paths.get(key)
    if (known === undefined) {
      feed.paths.set(key, { path, count: 1, leaves: 0 })
      replan ||= !covers(feed.planned, path)
    } else known.count++
    introduce(feed, entry)
  }
  if (replan) plan(feed)
  else feed.host.news(feed)
}

/** Removes a watch; its path keeps its subscription until {@link expirePaths}. Returns the path's key when it was the last one there. */
export function unwatchPath(feed: StoreFeed, id: number, leaves: number): string | null {
  const entry = feed.entries.get(id)
  if (entry === undefined) return null
  feed.entries.delete(id)
  feed.news.delete(entry)
  feed.absent.delete(entry)
  removeWatch(feed.trie, entry)
  const key = pathKey(entry.path)
  const known = feed.paths.get(key)
  if (known === undefined || --known.count > 0) return null
  known.leaves = leaves
  return key
}

/** Drops the paths among `keys` whose grace period is over by `now`. */
export function expirePaths(feed: StoreFeed, keys: Iterable<string>, now: number): void {
  let replan = false
  for (const key of keys) {
    const known = feed.paths.get(key)
    if (known === undefined || known.count > 0 || known.leaves > now) continue
    feed.paths.delete(key)
    replan = true
  }
  if (replan) plan(feed)
}

function checkPath(feed: StoreFeed, path: Path): PlainError | null {
  const place = { store: feed.def.name, path }
  try {
    if (nodeAt(feed.def.types, stateNode(feed.def), path) !== null) return null
  } catch (e) {
    return plainError(e, 'schema', place)
  }
  return failure('path', 'this path leads nowhere in the store', {
    ...place,
    hint: 'Check the field names against the generated types.',
  })
}

/** First status of a new watch, and its value when that is already here. */
function introduce(feed: StoreFeed, entry: WatchEntry): void {
  const status = coverage(feed, entry.path)
  if (status === 'live' || status === 'stale') {
    entry.known = true
    markWhole(entry)
    setStatus(feed, entry, status)
  } else if (feed.held !== null && feed.error !== undefined) setStatus(feed, entry, 'error', feed.error)
  else setStatus(feed, entry, 'loading')
}

/** How well the state covers `path`: `live`, `stale` (from an earlier connection) or not at all. */
function coverage(feed: StoreFeed, path: Path): 'live' | 'stale' | null {
  if (feed.state === undefined) return null
  let best: 'live' | 'stale' | null = null
  let key = ''
  for (let i = 0; ; i++) {
    const sub = feed.keys.get(key)
    if (sub?.live === true) return 'live'
    if (sub?.held === true) best = 'stale'
    if (i === path.length) return best
    key += partKey(path[i] ?? '')
  }
}

function setStatus(feed: StoreFeed, entry: WatchEntry, status: PathStatus, error?: PlainError): void {
  if (entry.status === status && entry.error === error) return
  entry.status = status
  entry.error = error
  entry.statusDirty = true
  feed.news.add(entry)
}

/** Works out which keys are wanted and changes the subscriptions accordingly. */
export function plan(feed: StoreFeed): void {
  const { host, paths } = feed
  // Half the limit for a store that was over it: a count that moves around the limit must not change the keys each time.
  const limit = host.keyLimit()
  const wanted = Array.from(paths.values(), (p) => p.path)
  try {
    feed.planned = deliveryKeys(feed.def, wanted, host.delivery, feed.collapsed ? limit >> 1 : limit)
  } catch (e) {
    return refuse(feed, plainError(e, 'schema', { store: feed.def.name }))
  }
  feed.collapsed = paths.size > limit && wanted.some((path) => !feed.planned.has(pathKey(path)))
  for (const sub of feed.keys.values()) {
    if (!sub.sent || sub.live || feed.planned.has(sub.id)) continue
    // Nothing depends on it yet, so it goes before the new ones come: a host of whole states answers only the first key that it holds.
    sub.sent = false
    host.emitSub(feed, sub.wire, 1)
  }
  for (const [id, { path, wire }] of feed.planned) {
    if (feed.keys.has(id)) continue
    const sub: KeySub = {
      id,
      path,
      wire,
      sent: false,
      sentAt: 0,
      live: false,
      held: feed.state !== undefined && covered(feed, path, 'held'),
      kept: false,
    }
    feed.keys.set(id, sub)
    send(feed, sub)
  }
  settle(feed)
  host.news(feed)
}

function covered(feed: StoreFeed, path: Path, by: 'held' | 'live'): boolean {
  for (const sub of feed.keys.values()) if (sub[by] && isPrefix(sub.path, path)) return true
  return false
}

/** Drops keys that are not wanted any more, each as soon as what replaces it has its baseline. */
export function settle(feed: StoreFeed): void {
  if (feed.keys.size === feed.planned.size) return
  const dropped: KeySub[] = []
  for (const sub of feed.keys.values()) {
    if (feed.planned.has(sub.id)) continue
    if (sub.live && successorsPending(feed, sub)) continue
    feed.keys.delete(sub.id)
    dropped.push(sub)
    if (sub.sent) feed.host.emitSub(feed, sub.wire, 1)
  }
  if (dropped.length === 0) return
  if (feed.keys.size === 0) {
    feed.state = undefined
    feed.fullStore = false
    feed.cancelTimer?.()
    feed.cancelTimer = null
    feed.held = null
    feed.error = undefined
  } else if (feed.state !== undefined && !feed.fullStore) {
    // A host of whole states keeps sending everything as long as any key is held, and nothing for a further one: forgotten parts would never come back.
    forget(feed, dropped)
    // What was forgotten cannot be compared with what comes next, so it has to be sent as a whole then.
    for (const entry of feed.entries.values())
      if (entry.known && coverage(feed, entry.path) === null) entry.known = false
  }
}

function successorsPending(feed: StoreFeed, old: KeySub): boolean {
  for (const id of feed.planned.keys()) {
    const sub = feed.keys.get(id)
    if (sub !== undefined && sub.sent && !sub.live && (isPrefix(sub.path, old.path) || isPrefix(old.path, sub.path)))
      return true
  }
  return false
}

/** Sends one key, once per connection (pitfall 52). */
function send(feed: StoreFeed, sub: KeySub): void {
  if (sub.sent || feed.held !== null || !feed.host.ask(feed.def.name)) return
  sub.sent = true
  sub.sentAt = feed.host.clock.now()
  // A host of whole states sends nothing more for a further key; everything is here already.
  if (feed.fullStore) setLive(feed, sub)
  else feed.awaiting.push({ sub, at: sub.sentAt })
  feed.host.emitSub(feed, sub.wire, 0)
}

/** The connection may take this store's subscriptions: all keys go out. */
export function sendKeys(feed: StoreFeed): void {
  for (const sub of feed.keys.values()) send(feed, sub)
}

/** The connection is gone: what is known is outdated from here on, but it stays. */
export function closeFeed(feed: StoreFeed): void {
  feed.awaiting = []
  feed.baseline = null
  for (const sub of feed.keys.values()) {
    sub.sent = false
    sub.live = false
  }
  // A resync waits for its time to pass; with the connection gone there is nothing to wait for.
  if (feed.held === 'resync') feed.held = null
  feed.cancelTimer?.()
  feed.cancelTimer = null
  for (const entry of feed.entries.values()) if (entry.status === 'live') setStatus(feed, entry, 'stale')
  settle(feed)
  feed.host.news(feed)
}

/** The state has (again) what these watches cover. */
export function setLive(feed: StoreFeed, sub: KeySub): void {
  sub.live = true
  sub.held = true
  let node: WatchTrie | undefined = feed.trie
  for (const part of sub.path) {
    node = node.children?.get(part)
    if (node === undefined) return
  }
  goLive(feed, node)
}

function goLive(feed: StoreFeed, node: WatchTrie): void {
  if (node.entries !== null) {
    for (const entry of node.entries) {
      if (!entry.known) {
        entry.known = true
        markWhole(entry)
        feed.news.add(entry)
      }
      setStatus(feed, entry, 'live')
    }
  }
  if (node.children !== null) for (const child of node.children.values()) goLive(feed, child)
}

/** Forgets the state after doubt; what the page shows stays, marked with `error`. */
export function dropState(feed: StoreFeed, error: PlainError): void {
  feed.state = undefined
  feed.error = error
  for (const sub of feed.keys.values()) {
    sub.live = false
    sub.held = false
  }
  for (const entry of feed.entries.values()) {
    if (entry.error?.code === 'path') continue
    setStatus(feed, entry, entry.known || entry.status === 'stale' ? 'stale' : 'error', error)
    entry.known = false
    markClean(entry)
  }
}

/** Gives up on this store until {@link unblock}: nothing more is sent for it. */
export function refuse(feed: StoreFeed, error: PlainError): void {
  feed.held = 'blocked'
  feed.error = error
  for (const entry of feed.entries.values()) if (entry.error?.code !== 'path') setStatus(feed, entry, 'error', error)
  feed.host.error(error)
  feed.host.news(feed)
}

/** Another chance for a blocked store. */
export function unblock(feed: StoreFeed): void {
  if (feed.held !== 'blocked' || feed.conflict) return
  feed.held = null
  feed.error = undefined
  for (const entry of feed.entries.values()) {
    if (entry.error?.code !== 'path') setStatus(feed, entry, entry.known ? 'stale' : 'loading')
  }
  plan(feed)
  sendKeys(feed)
}
