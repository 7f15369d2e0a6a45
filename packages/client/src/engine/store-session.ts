import { setLive } from './feed-status.ts'
import type { StoreFeed } from './store-feed.ts'
import { expectCatchUp } from './store-resync.ts'

/** What was followed when the connection ended, for a session that may be resumed. `certain`: no unsubscription may be on its way. Call it before the feed is closed. */
export function keepSession(feed: StoreFeed, certain: boolean): void {
  const subs = [...feed.keys.values()]
  feed.settled = certain && subs.every((sub) => sub.live) ? new Set(feed.keys.keys()) : null
  for (const sub of subs) sub.kept = sub.live
}

/** Whether the host's keys of this store differ from those that are wanted now, so that it sends a new baseline. */
export function keysChanged({ settled, keys }: StoreFeed): boolean {
  return settled === null || settled.size !== keys.size || [...settled].some((id) => !keys.has(id))
}

/** Whether the answer of a host that does not say what it sends can be foreseen: either it certainly has the same keys and so do we, or certainly others. */
export function isListable(feed: StoreFeed): boolean {
  return feed.settled !== null && (keysChanged(feed) || [...feed.keys.values()].every((sub) => sub.kept))
}

/**
 * The host has attached us with these keys (id → wire): `anew` = a baseline of all of them comes as one update; otherwise what we have goes on.
 *
 * What changed while the host was asked is put right here; keys that came since go out like any other.
 */
export function enterStore(feed: StoreFeed, listed: ReadonlyMap<string, string>, anew: boolean): void {
  const { host } = feed
  feed.baseline = anew ? new Set(listed.keys()) : null
  if (anew) feed.fullStore = false
  for (const [id, wire] of listed) {
    const sub = feed.keys.get(id)
    if (sub === undefined) {
      host.emitSub(feed, wire, 1)
    } else if (anew) {
      sub.sent = true
      sub.sentAt = host.clock.now()
    } else if (sub.kept) {
      sub.sent = true
      setLive(feed, sub)
    } else {
      // The host believes that we have it. Only a new subscription makes it send the value again.
      host.emitSub(feed, wire, 1)
    }
  }
  for (const sub of feed.keys.values()) sub.kept = false
  expectCatchUp(feed)
  host.news(feed)
}
