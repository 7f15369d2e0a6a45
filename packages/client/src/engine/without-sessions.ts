import { leaveSession } from './leave-session.ts'
import type { Resumption } from './resumption.ts'
import type { StoreFeed } from './store-feed.ts'

/** What an engine without viewer sessions keeps from one connection to the next: nothing. */
export function withoutSessions(feeds: () => Iterable<StoreFeed>): Resumption {
  const nothing = (): void => undefined
  return {
    session: undefined,
    sent: nothing,
    received: nothing,
    unsubscribed: nothing,
    ordinal: () => 0,
    confirmed: nothing,
    entered: nothing,
    close: nothing,
    closed() {
      for (const feed of feeds()) leaveSession(feed)
      return false
    },
  }
}
