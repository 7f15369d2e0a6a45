import { isRivuletError, type RivuletErrorCode } from '@rivulet/wire'
import type { Socket } from 'socket.io'
import { createInbox } from './inbox.ts'
import { createHeartbeats, type Heartbeats, type Unconfirmed } from './heartbeats.ts'
import type { HostLog } from './host-log.ts'
import type { HostLimits } from './limits.ts'
import { messageSize } from './message-size.ts'
import { createOutbox, type Message, type Outbox } from './outbox.ts'
import type { Send } from './packed-sender.ts'
import type { Peer } from './peer.ts'
import type { Telemetry } from './telemetry.ts'
import type { AccessLookup, Viewer } from './viewer.ts'
import { within } from './within.ts'

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
  /** Updates that were handed over, and may have been missed. */
  readonly doubtful: Unconfirmed
}

/** Wraps a Socket.IO socket. `closed` is called once, when the connection has ended for whatever reason. */
export function createConnection(
  socket: Socket,
  options: {
    readonly limits: HostLimits
    readonly access: AccessLookup | undefined
    /** How long an asynchronous lookup may take. */
    readonly accessTimeoutMs: number
    readonly log: HostLog
    readonly telemetry: Telemetry
    /** Whether the viewer may come back to what it missed. */
    readonly resumable: boolean
    /** Whether what it does not get now reaches its page on another connection. */
    readonly resumes: (connection: Connection) => boolean
    readonly send: Send
    readonly closed: (connection: Connection, leftovers: Leftovers) => void
  },
): Connection {
  const { limits, access, log, telemetry, send } = options
  const abort = new AbortController()
  const conn = socket.conn
  const heartbeats = createHeartbeats(conn)
  // Engine.IO keeps this private, but it is the only place that knows how much a slow peer has not taken.
  const backlog = (): number => (conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length
  let open = true
  /** What was taken out of the outbox for the viewer's next connection. */
  let kept: readonly Message[] = []

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
      emit,
      conflated: telemetry.conflated,
    },
    overflowed,
  )
  const inbox = createInbox(limits.waitingRequests, () =>
    drop('limit', `more than ${limits.waitingRequests} messages wait for an access lookup`),
  )

  function emit(message: Message): void {
    telemetry.sent(messageSize(message))
    send(socket, message)
    // After it is on its way: a ping must not overtake what it is to confirm. A viewer that counts says itself what it got.
    if (connection.onSent !== null) connection.onSent(message)
    else if (options.resumable) heartbeats.sent(message)
  }

  function overflowed(filledBy: Readonly<Record<string, number>>): void {
    if (!open) return
    const waiting = outbox.close()
    const why = `more waits for a slow viewer than ${limits.queuedMessages} messages or ${limits.queuedBytes} bytes`
    const resumes = options.resumes(connection)
    const all = resumes && fitsSession(waiting)
    const due = all ? waiting : waiting.filter((message) => !isEvent(message))
    const told = all ? due : [...due, notice('limit', why, waiting.length - due.length)]
    if (resumes) kept = told
    // Its stores start anew when it comes back, but its answers are due here.
    else for (const message of told) if (message.update === undefined) emit(message)
    drop('limit', why, filledBy)
  }

  /** Whether a viewer that is away may have all of it waiting. */
  function fitsSession(waiting: readonly Message[]): boolean {
    const events = waiting.filter(({ update }) => update === undefined)
    const bytes = events.reduce((sum, message) => sum + messageSize(message), 0)
    return events.length <= limits.sessionEvents && bytes <= limits.sessionEventBytes
  }

  function end(): void {
    if (!open) return
    socket.disconnect(true)
    finish('closed by the host')
  }

  function finish(reason: string): void {
    if (!open) return
    open = false
    const unsent = [...kept, ...outbox.close()]
    inbox.close()
    conn.off('drain', outbox.pump)
    conn.off('packet', telemetry.received)
    heartbeats.stop()
    abort.abort()
    log('debug', 'viewer.disconnected', `viewer ${socket.id} is gone (${reason})`, { viewer: socket.id, reason })
    // However it ended, even by a goodbye: what was on its way then may not have arrived.
    options.closed(connection, { unsent, doubtful: heartbeats.unconfirmed() })
  }

  function gone(reason: string): void {
    if (reason === 'ping timeout') hangUp()
    finish(reason)
  }

  // A peer that fell silent answers no goodbye either. Waiting for one would keep what it did not take for another half minute, and a peer that still hears us would not learn that it is not heard.
  function hangUp(): void {
    const { socket: ws } = conn.transport as unknown as { readonly socket?: { terminate?(): void } }
    ws?.terminate?.()
  }

  function drop(code: RivuletErrorCode, why: string, detail?: unknown): void {
    if (!open) return
    telemetry.drop(code)
    const message = `closing the connection of viewer ${socket.id} (${code}): ${why}`
    log('warn', 'viewer.dropped', message, {
      viewer: socket.id,
      code,
      ...(detail === undefined ? {} : { detail }),
    })
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
      return within(options.accessTimeoutMs, 'the access lookup', level).then(got, failed).catch(broken)
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
  conn.on('packet', telemetry.received)
  socket.once('disconnect', gone)
  log('debug', 'viewer.connected', `viewer ${socket.id} is here`, { viewer: socket.id })
  return connection
}

/** Tells a viewer why the host closes its connection, and how many events it misses. Pages that do not know it ignore it; those of Go hosts never see one. */
function notice(code: RivuletErrorCode, message: string, lostEvents: number): Message {
  return { event: 'viewernotice', body: { time: Date.now(), code, message, lostEvents } }
}

function isEvent({ event }: Message): boolean {
  return event === 'event' || event === 'keyedevent'
}

function nothing(): void {
  // Nobody has to be told.
}
