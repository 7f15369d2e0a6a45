import { isRivuletError, type RivuletErrorCode } from '@rivulet/wire'
import type { Socket } from 'socket.io'
import { createInbox } from './inbox.ts'
import { createHeartbeats, type Heartbeats } from './heartbeats.ts'
import type { HostLimits } from './limits.ts'
import { messageSize } from './message-size.ts'
import { createOutbox, type Message, type Outbox } from './outbox.ts'
import type { Peer } from './peer.ts'
import type { Telemetry } from './telemetry.ts'
import type { AccessLookup, Viewer } from './viewer.ts'

/** Where the host writes what its operator should know. */
export interface HostLogger {
  warn(message: string, detail?: unknown): void
  error(message: string, detail?: unknown): void
}

/** One viewer's connection, as the host sees it. */
export interface Connection extends Peer {
  /** Whether everything that was put so far has left. */
  readonly idle: boolean
  readonly outbox: Outbox
  readonly heartbeats: Heartbeats
  /** Hears of every message as it is handed to the transport. */
  onSent: ((message: Message) => void) | null
  /** Runs `work` after everything that this viewer sent earlier has been dealt with. */
  inOrder(work: () => void | Promise<void>): void
}

/** What a connection that ended did not get across. */
export interface Leftovers {
  /** Messages that were never handed to the transport, oldest first. */
  readonly unsent: readonly Message[]
  /** Stores of which the viewer may have missed an update that was handed over. */
  readonly doubtful: ReadonlySet<string>
}

/** Wraps a Socket.IO socket. `closed` is called once, when the connection has ended for whatever reason. */
export function createConnection(
  socket: Socket,
  options: {
    readonly limits: HostLimits
    readonly access: AccessLookup | undefined
    readonly logger: HostLogger
    readonly telemetry: Telemetry
    readonly closed: (connection: Connection, leftovers: Leftovers) => void
  },
): Connection {
  const { limits, access, logger, telemetry } = options
  const abort = new AbortController()
  const conn = socket.conn
  const heartbeats = createHeartbeats(conn)
  // Engine.IO keeps this private, but it is the only place that knows how much a slow peer has not taken.
  const backlog = (): number => (conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length
  let open = true

  const viewer: Viewer = {
    id: socket.id,
    auth: socket.handshake.auth,
    socket,
    data: {},
    disconnect: () => end(),
  }

  const outbox = createOutbox(
    limits,
    {
      backlog,
      emit(message) {
        const { event, body, update } = message
        if (update !== undefined) heartbeats.sent(update.def.name)
        telemetry.sent(messageSize(message))
        connection.onSent?.(message)
        socket.emit(event, body)
      },
      conflated: telemetry.conflated,
    },
    (filledBy) =>
      drop(
        'limit',
        `more waits for a slow viewer than ${limits.queuedMessages} messages or ${limits.queuedBytes} bytes`,
        filledBy,
      ),
  )
  const inbox = createInbox(limits.waitingRequests, () =>
    drop('limit', `more than ${limits.waitingRequests} messages wait for an access lookup`),
  )

  function end(): void {
    if (!open) return
    const stuck = backlog() > 0
    socket.disconnect(true)
    finish(stuck)
  }

  function finish(doubt: boolean): void {
    if (!open) return
    open = false
    const unsent = outbox.close()
    inbox.close()
    conn.off('drain', outbox.pump)
    heartbeats.stop()
    abort.abort()
    options.closed(connection, { unsent, doubtful: doubt ? heartbeats.unconfirmed() : new Set() })
  }

  // A peer that said goodbye has read what it was sent; one that fell silent may not have.
  function gone(reason: string): void {
    finish(backlog() > 0 || reason === 'ping timeout' || reason === 'transport error')
  }

  function drop(code: RivuletErrorCode, why: string, detail?: unknown): void {
    if (!open) return
    telemetry.drop(code)
    const message = `closing the connection of viewer ${socket.id} (${code}): ${why}`
    // The console would print an absent detail.
    if (detail === undefined) logger.warn(message)
    else logger.warn(message, detail)
    end()
  }

  function broken(error: unknown): void {
    if (isRivuletError(error)) drop(error.code, error.message)
    else drop('handler', 'the host failed while it dealt with a message', error)
  }

  function withLevel(proceed: (level: number) => void, lost: () => void = nothing): void | Promise<void> {
    const failed = (error: unknown): void => {
      lost()
      drop('denied', 'the access lookup failed', error)
    }
    const got = (level: number): void => {
      if (!open) lost()
      else if (Number.isInteger(level)) proceed(level)
      else failed(new TypeError(`the access lookup returned ${String(level)}, not a whole number`))
    }
    let level: number | Promise<number>
    try {
      level = access === undefined ? 0 : access(viewer)
    } catch (e) {
      return failed(e)
    }
    if (typeof level === 'object' && level !== null && 'then' in level) {
      return Promise.resolve(level).then(got, failed).catch(broken)
    }
    return got(level)
  }

  const connection: Connection = {
    viewer,
    outbox,
    heartbeats,
    onSent: null,
    get idle() {
      return outbox.depth === 0 && backlog() === 0
    },
    resumable: false,
    counted: false,
    // The connection is closed whenever that happens, and the next one starts from the beginning.
    missed: nothing,
    signal: abort.signal,
    get open() {
      return open
    },
    storeSubscriptions: 0,
    keyedEventSubscriptions: 0,
    rpcs: 0,
    sends: 0,
    inOrder: (work) =>
      inbox.take(() => {
        try {
          return work()?.catch(broken)
        } catch (e) {
          return broken(e)
        }
      }),
    withLevel,
    drop,
  }
  conn.on('drain', outbox.pump)
  socket.once('disconnect', gone)
  return connection
}

function nothing(): void {
  // Nobody has to be told.
}
