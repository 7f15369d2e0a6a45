import type { StoreFeed } from './store-feed.ts'

/** Nothing of an earlier connection can be relied on: every key starts from a baseline. */
export function leaveSession(feed: StoreFeed): void {
  feed.settled = null
  feed.fullStore = false
  for (const sub of feed.keys.values()) sub.kept = false
}
