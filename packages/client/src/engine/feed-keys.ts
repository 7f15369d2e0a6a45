import type { Path } from '@rivulet/wire'
import type { PlainError } from '../protocol.ts'
import { deliveryKeys } from './delivery-keys.ts'
import { coverage, setLive, setStatus } from './feed-status.ts'
import { forget } from './forget.ts'
import { isPrefix, pathKey } from './path-key.ts'
import { plainError } from './plain-error.ts'
import type { KeySub, StoreFeed } from './store-feed.ts'
import { isHopeless } from './watch-entry.ts'

// What is subscribed of a store, on this connection and the next.

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
      restored: covered(feed, path, 'restored'),
      kept: false,
    }
    feed.keys.set(id, sub)
    send(feed, sub)
  }
  settle(feed)
  host.news(feed)
}

function covered(feed: StoreFeed, path: Path, by: 'held' | 'live' | 'restored'): boolean {
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
  if (feed.state !== undefined) feed.host.odd?.(feed)
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
  for (const entry of feed.entries.values()) if (entry.status === 'live') setStatus(entry, 'stale')
  settle(feed)
  feed.host.news(feed)
}

/** Gives up on this store until {@link unblock}: nothing more is sent for it. */
export function refuse(feed: StoreFeed, error: PlainError): void {
  feed.held = 'blocked'
  feed.error = error
  for (const entry of feed.entries.values()) if (!isHopeless(entry)) setStatus(entry, 'error', error)
  feed.host.error(error)
  feed.host.news(feed)
}

/** Another chance for a blocked store. */
export function unblock(feed: StoreFeed): void {
  if (feed.held !== 'blocked' || feed.conflict) return
  feed.held = null
  feed.error = undefined
  for (const entry of feed.entries.values()) {
    if (!isHopeless(entry)) setStatus(entry, entry.known ? 'stale' : 'loading')
  }
  plan(feed)
  sendKeys(feed)
}
