import { RivuletError } from '@rivulet/wire'
import type { Connection, Leftovers } from '../connection.ts'
import type { EventHub } from '../event-hub.ts'
import type { HostLimits } from '../limits.ts'
import type { HeldPlace, Message } from '../outbox.ts'
import type { Peer } from '../peer.ts'
import type { StoreHub } from '../store-hub.ts'
import type { StreamHub } from '../streams/stream-hub.ts'
import type { Viewer } from '../viewer.ts'
import { createBacklog } from './backlog.ts'
import type { Manifest } from './manifest.ts'
import { createSentLog, type SentLog } from './sent-log.ts'

/** Who owns a session, with the level that it was made with. */
export interface SessionOwner {
  readonly ownerID: string
  readonly scopeID: string
  readonly level: number
}

/** What a session's subscriptions live in. */
export interface Hubs {
  readonly stores: ReadonlyMap<string, StoreHub>
  readonly events: EventHub
  readonly streams: StreamHub
}

/** What a viewer that counts is told about a resume (docs/sessions.md). */
export interface Continuity {
  /** Messages that were written into the last connection and did not arrive. Their content comes again. */
  readonly lost: number
  /** Messages of the viewer that were taken in this session. */
  readonly seen: number
  /** Stores of which a new baseline follows. */
  readonly baselines: readonly string[]
}

/** A viewer that may come back: its subscriptions live here, whatever happens to its connections (session.md §7). */
export interface Session extends Peer {
  readonly id: string
  readonly owner: SessionOwner
  /** The connection that it lives on now; null while the viewer is away. */
  readonly connection: Connection | null
  /**
   * Moves the session to `connection`, makes its subscriptions those of `manifest`, and sends what `attached` returns with everything that waits; only then the connection that
   * it was on before is closed. False when more waits than may: the session has ended then.
   */
  attach(connection: Connection, manifest: Manifest, attached: (continuity?: Continuity) => Message): boolean
  /** Whether a viewer that has received so many messages can go on without a gap; null = it does not count. */
  reaches(received: number | null): boolean
  /** The viewer has sent a message. */
  took(): void
  /** The connection is gone. */
  detach(leftovers: Leftovers): void
  /** Ends all subscriptions. The connection stays as it is. */
  end(): void
}

/** How long a connection that was taken over may take to prove that it still worked. */
const PROBE_MS = 2000

/** Makes a session without a connection. `overflow` is called when more waits than may. */
export function createSession(options: {
  readonly id: string
  readonly owner: SessionOwner
  readonly limits: HostLimits
  readonly hubs: Hubs
  readonly overflow: () => void
}): Session {
  const { id, owner, limits, hubs, overflow } = options
  const abort = new AbortController()
  const backlog = createBacklog(limits)
  // Forgotten while nobody is there: the dead socket is two thirds of what an absent viewer would cost.
  let viewer: Viewer | null = null
  let connection: Connection | null = null
  /** Everything waits in the backlog: nobody is there, or nobody has been welcomed yet. */
  let gathering = true
  let open = true
  /** Only for a viewer that counts. */
  let log: SentLog | null = null
  let seen = 0

  function put(message: Message): void {
    if (!open) return
    if (connection !== null && !gathering) {
      connection.outbox.put(message)
      return
    }
    // Endpoints that are still good are sent at every attach anyway.
    if (message.event === 'datastreamendpoint' && 'endpoint' in message.body) return
    if (!backlog.add(message)) overflow()
  }

  function missed(store: string): void {
    if (!open) return
    if (connection === null || gathering) {
      backlog.markStale(store)
      return
    }
    const message = hubs.stores.get(store)?.baseline(session)
    if (message !== null && message !== undefined) connection.outbox.put(message)
  }

  function hold(): HeldPlace {
    const on = connection
    if (on === null || gathering) return { settle: (messages) => messages.forEach(put) }
    const place = on.outbox.hold()
    return {
      settle(messages) {
        if (on.open && on === connection) {
          place.settle(messages)
          return
        }
        // Its place is gone, and later updates may be merged already: start from a new base.
        for (const message of messages) {
          if (message.update === undefined) put(message)
          else missed(message.update.def.name)
        }
      },
    }
  }

  function withLevel(proceed: (level: number) => void, lost: () => void = nothing): void | Promise<void> {
    const on = connection
    if (!open) return lost()
    if (on === null || gathering) return proceed(owner.level)
    return on.withLevel(proceed, () => {
      // The connection went away, the session did not.
      if (!on.open && open) proceed(owner.level)
      else lost()
    })
  }

  function attach(next: Connection, manifest: Manifest, attached: (continuity?: Continuity) => Message): boolean {
    const before = connection
    connection = next
    viewer = next.viewer
    gathering = true
    if (before !== null) {
      keep(before.outbox.close())
      uncount(before)
    }
    const lost = recount(manifest.received)
    const changed: StoreHub[] = []
    for (const [name, hub] of hubs.stores) {
      if (hub.sync(session, manifest.stores.get(name) ?? NONE)) changed.push(hub)
    }
    hubs.events.sync(session, manifest.keyedEvents)
    backlog.keep(({ event, body }) => event !== 'keyedevent' || listensTo(body))
    const fresh: string[] = []
    for (const hub of changed) {
      backlog.forget(hub.name)
      const baseline = hub.baseline(session)
      if (baseline === null) continue
      fresh.push(hub.name)
      if (!backlog.add(baseline)) overflow()
    }
    hubs.streams.sync(session, manifest.dataStreams, owner.level)
    if (!open) {
      before?.viewer.disconnect()
      return false
    }
    const baselines = [...new Set([...fresh, ...backlog.stale])]
    const waiting = backlog.take((store) => hubs.stores.get(store)?.baseline(session) ?? null)
    if (log !== null) count(next, log)
    // In one place of the queue, however much it is.
    const first = log === null ? attached() : attached({ lost, seen, baselines })
    next.outbox.hold().settle([first, ...waiting, ...hubs.streams.endpoints(session)])
    gathering = false
    if (before !== null) void retire(before)
    return true
  }

  /** Sends again what the viewer has not received, as far as it counts. Returns how much that was. */
  function recount(received: number | null): number {
    if (received === null) {
      // It counted before, but not any more: make sure of its stores at least.
      for (const store of log?.rewind(log.floor).stores ?? []) backlog.markStale(store)
      log = null
      return 0
    }
    log ??= createSentLog(limits)
    const lost = log.rewind(received)
    for (const store of lost.stores) backlog.markStale(store)
    if (!backlog.addFirst(lost.messages)) overflow()
    return lost.count
  }

  function count(on: Connection, counting: SentLog): void {
    on.onSent = (message) => {
      if (message.event !== 'viewersessionattached') counting.sent(message)
    }
    on.heartbeats.follow({ mark: () => counting.total, confirmed: (total) => counting.confirm(total) })
  }

  function listensTo({ storeName, eventName, key }: Message['body']): boolean {
    return hubs.events.listens(session, { store: String(storeName), event: String(eventName), key: String(key) })
  }

  /** The old connection may have been dead for a while: what it cannot vouch for is sent again. */
  async function retire(before: Connection): Promise<void> {
    if (log !== null) {
      before.viewer.disconnect()
      return
    }
    const doubtful = await before.heartbeats.probe(PROBE_MS)
    before.viewer.disconnect()
    for (const store of doubtful.keys()) missed(store)
  }

  function keep(messages: readonly Message[]): void {
    for (const message of messages) if (message.event !== 'viewersessionattached') put(message)
  }

  const session: Session = {
    id,
    owner,
    get viewer() {
      if (viewer !== null) return viewer
      throw new RivuletError('disconnected', 'the viewer of this session is away')
    },
    get connection() {
      return connection
    },
    get open() {
      return open
    },
    outbox: { put, hold },
    signal: abort.signal,
    resumable: true,
    get counted() {
      return log !== null
    },
    storeSubscriptions: 0,
    keyedEventSubscriptions: 0,
    rpcs: 0,
    sends: 0,
    withLevel,
    missed,
    drop(code, why, detail) {
      if (connection === null) overflow()
      else connection.drop(code, why, detail)
    },
    attach,
    reaches: (received) => received === null || log?.reaches(received) === true,
    took: () => void seen++,
    detach({ unsent, doubtful }) {
      if (connection !== null) uncount(connection)
      connection = null
      viewer = null
      gathering = true
      // The older ones first. A delta says what is, not what changes, so it does no harm to a viewer that has it already.
      for (const [store, messages] of doubtful) {
        if (messages?.every((message) => backlog.add(message)) !== true) missed(store)
      }
      keep(unsent)
    },
    end() {
      open = false
      connection = null
      viewer = null
      for (const hub of hubs.stores.values()) hub.leave(session)
      hubs.events.leave(session)
      hubs.streams.leave(session)
      abort.abort()
    },
  }
  return session
}

const NONE: ReadonlySet<string> = new Set()

function uncount(connection: Connection): void {
  connection.onSent = null
  connection.heartbeats.follow(null)
}

function nothing(): void {
  // Nobody has to be told.
}
