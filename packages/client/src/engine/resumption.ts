import type { SessionConfig } from '../protocol.ts'
import type { Admission } from './admission.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Events } from './events.ts'
import { leaveSession } from './leave-session.ts'
import { createManifestBook, type StreamProvider } from './manifest.ts'
import type { Calls } from './rpc.ts'
import type { StoreFeed } from './store-feed.ts'
import { keepSession } from './store-session.ts'
import { createViewerSession, type Entry, type ViewerSession } from './viewer-session.ts'

export interface ResumptionOptions {
  readonly config: SessionConfig
  readonly clock: Clock
  readonly feeds: () => Iterable<StoreFeed>
  readonly events: Pick<Events, 'tuples' | 'entered'>
  readonly calls: Pick<Calls, 'resumed' | 'closed'>
  readonly admission: Pick<Admission, 'trusts' | 'doubt' | 'proved'>
  readonly streams?: StreamProvider
}

/** What the engine keeps from one connection to the next. Without sessions nothing: {@link withoutSessions}. */
export interface Resumption {
  /** What a connection attaches with. */
  readonly session: Pick<ViewerSession, 'attach'> | undefined
  /** A message of the session went out. */
  sent(): void
  /** A message of the host came in. */
  received(): void
  /** The message that went out last ended a subscription of this store. */
  unsubscribed(feed: StoreFeed): void
  /** The number of the message that went out last; 0 without sessions. */
  ordinal(): number
  /** The host has answered the message of this number, so it has taken all before it. */
  confirmed(ordinal: number): void
  /** A connection is attached: stores, events and calls go on as the host said. */
  entered(entry: Entry): void
  /** The app hangs up: tells the host, while there is a connection. */
  close(connection: Pick<Connection, 'emit'>): void
  /** The connection is gone. Returns whether the session may be resumed. */
  closed(): boolean
}

/** Ties the viewer session to stores, events and calls. */
export function createResumption(options: ResumptionOptions): Resumption {
  const { config, clock, feeds, events, calls, admission, streams } = options
  // When stores were last unsubscribed, and what the host has certainly taken, as numbers of the session's messages.
  const unsubscribed = new Map<StoreFeed, number>()
  let confirmed = 0

  const book = createManifestBook({ feeds, events, streams, admits: (store) => admission.trusts(store) })

  const session = createViewerSession({
    config,
    clock,
    manifest: (footing) => book.list(footing),
    lost() {
      calls.closed('The host no longer has the viewer session: it waited too long, or was restarted.')
      for (const feed of feeds()) leaveSession(feed)
    },
    doubt: () => admission.doubt(book.stores()),
  })

  return {
    session,
    sent: () => session.sent(),
    received: () => session.received(),
    unsubscribed: (feed) => void unsubscribed.set(feed, session.ordinal()),
    ordinal: () => session.ordinal(),
    confirmed: (ordinal) => void (confirmed = Math.max(confirmed, ordinal)),
    entered({ footing, baselines, seen }) {
      unsubscribed.clear()
      if (footing === 'fresh') confirmed = 0
      else calls.resumed(seen)
      for (const store of book.stores()) admission.proved(store)
      book.settle(footing, baselines)
    },
    close: (connection) => session.close((event, message) => connection.emit(event, message)),
    closed() {
      const kept = session.isKept()
      for (const feed of feeds()) {
        if (kept) keepSession(feed, (unsubscribed.get(feed) ?? 0) <= confirmed)
        else leaveSession(feed)
      }
      return kept
    },
  }
}
