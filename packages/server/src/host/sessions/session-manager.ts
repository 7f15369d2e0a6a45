import { randomUUID } from 'node:crypto'
import { isRivuletError, RivuletError } from '@rivulet/wire'
import type { Connection, Leftovers } from '../connection.ts'
import type { HostLogger } from '../host-log.ts'
import { type HostLimits, utf8Length } from '../limits.ts'
import type { Message } from '../outbox.ts'
import { readFields } from '../read-fields.ts'
import { within } from '../within.ts'
import { type Manifest, manifestFault, readManifest } from './manifest.ts'
import { type Continuity, createSession, type Hubs, type Session, type SessionOwner } from './session.ts'
import type { SessionEnd, SessionEvent, SessionOptions } from './session-options.ts'

/** All sessions of a host. */
export interface SessionManager {
  /** Sessions that are open, attached or not. */
  readonly sessions: Iterable<Session>
  readonly size: number
  /** Whether a session lives on `connection`. */
  has(connection: Connection): boolean
  /** The session that lives on `connection`; it counts the message that it is asked for. */
  take(connection: Connection): Session | undefined
  /** A `viewersessionattach` message. */
  attach(connection: Connection, message: unknown): void | Promise<void>
  /** A `viewersessionclose` message. */
  close(connection: Connection, message: unknown): void | Promise<void>
  /** The connection has ended. */
  gone(connection: Connection, leftovers: Leftovers): void
  /** Ends all sessions; none can be made any more. */
  shutdown(): void
}

const ID_BYTES = 64
const OWNER_BYTES = 1024
/** Longer timers fire at once. */
const MOST = 2 ** 31 - 1

/** Makes a manager. Throws `config` for numbers that cannot work. */
export function createSessionManager(
  options: SessionOptions,
  host: {
    readonly limits: HostLimits
    readonly hubs: Hubs
    /** How long the application may take to say who somebody is. */
    readonly accessTimeoutMs: number
    readonly logger: HostLogger
    readonly failed: (what: string, error: unknown) => void
  },
): SessionManager {
  const { identify, onLifecycle } = options
  const { limits, hubs, accessTimeoutMs, logger, failed } = host
  const detachedMs = positive('detachedMs', options.detachedMs ?? 60_000)
  const perOwner = positive('perOwner', options.perOwner ?? 64)
  const total = positive('total', options.total ?? 10_000)
  const sessions = new Map<string, Session>()
  const attached = new Map<Connection, Session>()
  const owned = new Map<string, number>()
  const timers = new Map<Session, NodeJS.Timeout>()
  const tell = inOrder(onLifecycle, (error) => failed('the session lifecycle listener failed', error))
  let closed = false

  function report({ id, owner }: Session, kind: SessionEvent['kind'], reason?: SessionEnd): void {
    const { ownerID, scopeID } = owner
    tell({ kind, sessionID: id, ownerID, scopeID, ...(reason === undefined ? {} : { reason }) })
  }

  function end(session: Session, reason: SessionEnd): void {
    if (!sessions.delete(session.id)) return
    const { connection, owner } = session
    clearTimeout(timers.get(session))
    timers.delete(session)
    const left = (owned.get(ownerKey(owner)) ?? 1) - 1
    if (left > 0) owned.set(ownerKey(owner), left)
    else owned.delete(ownerKey(owner))
    session.end()
    report(session, 'closed', reason)
    if (connection === null || attached.get(connection) !== session) return
    attached.delete(connection)
    connection.viewer.disconnect()
  }

  function attach(connection: Connection, message: unknown): void | Promise<void> {
    const refused = (error: unknown): void => {
      connection.outbox.put(answer('', false, false, { error: textOf(error) }))
    }
    const fail = (why: string): void => refused(new Error(why))
    if (attached.has(connection)) return fail('this connection has a session already')
    if (closed) return fail('the viewer sessions of this host are closed')
    let manifest: Manifest
    try {
      manifest = readManifest(message, limits)
    } catch (e) {
      return refused(e)
    }
    return identified(
      connection,
      (owner) => {
        // The application may have taken its time.
        if (closed) return fail('the viewer sessions of this host are closed')
        const session = manifest.sessionID === '' ? create(owner) : resume(manifest, owner)
        return typeof session === 'string' ? fail(session) : enter(session, connection, manifest, fail)
      },
      refused,
    )
  }

  function enter(session: Session, connection: Connection, manifest: Manifest, fail: (why: string) => void): void {
    const fault = manifestFault(manifest, session.owner.level, (store) => hubs.stores.get(store)?.minimum, limits)
    if (fault !== null) {
      end(session, 'session aborted')
      fail(fault)
      return
    }
    clearTimeout(timers.get(session))
    timers.delete(session)
    if (session.connection !== null) attached.delete(session.connection)
    attached.set(connection, session)
    const resumed = manifest.sessionID !== ''
    const welcome = (continuity?: Continuity): Message =>
      answer(session.id, resumed, hubs.streams.available, continuity === undefined ? {} : { continuity })
    if (session.attach(connection, manifest, welcome)) {
      report(session, 'attached')
    }
  }

  function create(owner: SessionOwner): Session | string {
    const key = ownerKey(owner)
    if (sessions.size >= total) return `this host has ${total} viewer sessions already`
    const mine = owned.get(key) ?? 0
    if (mine >= perOwner) return `there are ${perOwner} viewer sessions of this owner already`
    const overflow = (): void => {
      logger.warn(`ending session ${session.id} (limit): more waits for its viewer than may`)
      end(session, 'session aborted')
    }
    const session = createSession({ id: randomUUID(), owner, limits, hubs, overflow })
    owned.set(key, mine + 1)
    sessions.set(session.id, session)
    report(session, 'created')
    return session
  }

  function resume({ sessionID: id, received }: Manifest, owner: SessionOwner): Session | string {
    if (utf8Length(id) > ID_BYTES) return `a viewer session id has at most ${ID_BYTES} bytes`
    const session = sessions.get(id)
    if (session === undefined) return 'the viewer session does not exist or has expired'
    if (ownerKey(session.owner) !== ownerKey(owner)) return 'the viewer session belongs to someone else'
    if (session.owner.level !== owner.level) {
      end(session, 'authenticated access changed')
      return 'the access level has changed since the viewer session began'
    }
    if (session.reaches(received)) return session
    end(session, 'session aborted')
    return 'more was lost with the connection than can be sent again'
  }

  /** Asks the application who this is. */
  function identified(
    connection: Connection,
    proceed: (owner: SessionOwner) => void,
    refused: (error: unknown) => void,
  ): Promise<void> {
    const ask = async (): Promise<SessionOwner> => {
      const { ownerID, scopeID, accessLevel } = await within(
        accessTimeoutMs,
        'to identify the viewer',
        identify(connection.viewer),
      )
      for (const [name, id] of Object.entries({ ownerID, scopeID })) {
        if (typeof id !== 'string' || id === '' || utf8Length(id) > OWNER_BYTES) {
          throw new RivuletError('config', `the ${name} of a session has 1 to ${OWNER_BYTES} bytes`)
        }
      }
      const level = accessLevel ?? (await levelOf(connection))
      if (!Number.isInteger(level)) throw new RivuletError('config', 'the access level of a session is a whole number')
      return { ownerID, scopeID, level }
    }
    return ask().then(
      (owner) => (connection.open ? proceed(owner) : undefined),
      (error: unknown) => (connection.open ? refused(error) : undefined),
    )
  }

  function close(connection: Connection, message: unknown): void | Promise<void> {
    const { sessionID } = readFields(message, { sessionID: 'string' })
    const session = sessions.get(sessionID)
    if (session === undefined) return connection.viewer.disconnect()
    const compare = (owner: SessionOwner): void => {
      if (ownerKey(owner) !== ownerKey(session.owner)) return
      end(session, 'explicit close')
      connection.viewer.disconnect()
    }
    const mine = attached.get(connection)
    if (mine !== undefined) return compare(mine.owner)
    return identified(connection, compare, (error) => connection.drop('unauthenticated', textOf(error)))
  }

  return {
    get sessions() {
      return sessions.values()
    },
    get size() {
      return sessions.size
    },
    has: (connection) => attached.has(connection),
    take(connection) {
      const session = attached.get(connection)
      session?.took()
      return session
    },
    attach,
    close,
    gone(connection, leftovers) {
      const session = attached.get(connection)
      if (session === undefined) return
      attached.delete(connection)
      report(session, 'detached')
      session.detach(leftovers)
      // What was left over may have been too much.
      if (!sessions.has(session.id)) return
      const timer = setTimeout(() => end(session, 'detached timeout'), detachedMs)
      timer.unref()
      timers.set(session, timer)
    },
    shutdown() {
      closed = true
      for (const session of Array.from(sessions.values())) end(session, 'manager shutdown')
    },
  }
}

function answer(
  sessionID: string,
  resumed: boolean,
  dataStreams: boolean,
  more: { readonly error?: string; readonly continuity?: Continuity },
): Message {
  const body = { sessionID, resumed, capabilities: { dataStreams }, ...more }
  return { event: 'viewersessionattached', body }
}

function levelOf(connection: Connection): Promise<number> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new RivuletError('denied', 'the access level could not be looked up'))
    void connection.withLevel(resolve, lost)
  })
}

function ownerKey({ ownerID, scopeID }: SessionOwner): string {
  return JSON.stringify([scopeID, ownerID])
}

function textOf(error: unknown): string {
  if (isRivuletError(error)) return error.what
  return error instanceof Error && error.message !== '' ? error.message : 'the viewer could not be identified'
}

function positive(name: string, value: number): number {
  if (value > 0 && value <= MOST) return value
  throw new RivuletError('config', `sessions.${name} cannot be ${value}`, { hint: `It is between 0 and ${MOST}.` })
}

/** Calls `listener` in the order of the events, also when it causes the next one. */
function inOrder<T>(listener: ((event: T) => void) | undefined, failed: (error: unknown) => void): (event: T) => void {
  const waiting: T[] = []
  let telling = false
  return (event) => {
    if (listener === undefined) return
    waiting.push(event)
    if (telling) return
    telling = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        listener(next)
      } catch (e) {
        failed(e)
      }
    }
    telling = false
  }
}
