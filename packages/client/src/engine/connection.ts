import { proxy } from 'comlink'
import type { ConnectionState, ConnectionStatus, EngineConfig, PageHooks, PlainError } from '../protocol.ts'
import { backoff } from './backoff.ts'
import type { Clock } from './clock.ts'
import { createLogin, type Login } from './login.ts'
import { failure, plainError } from './plain-error.ts'
import type { EngineSocket, SocketFactory } from './socket.ts'
import type { Attaching, Entry, ViewerSession } from './viewer-session.ts'

/** From opening a socket to the host's welcome. A host that never answers must not hold the client for ever. */
const CONNECT_TIMEOUT_MS = 20_000

/** A connection that lasted this long was a good one: the next backoff starts from the beginning. */
const STABLE_MS = 10_000

export interface ConnectionOptions {
  readonly config: EngineConfig
  readonly hooks: PageHooks
  readonly clock: Clock
  readonly factory: SocketFactory
  /** The viewer session to attach after each login; absent when the app does without. */
  readonly session?: Pick<ViewerSession, 'attach'> | undefined
  /** What to do with the host's messages, by event name. */
  readonly handlers: Readonly<Record<string, (message: unknown) => void>>
  /** Logged in, and attached when there are sessions: subscriptions may go out. */
  opened(entry?: Entry): void
  /** Was open, is no more. `byServer` = the host, or the network, ended it. */
  closed(byServer: boolean): void
  status(status: ConnectionStatus): void
}

export interface Connection {
  connect(): void
  disconnect(): void
  dispose(): void
  /** Sends while open; false otherwise. */
  emit(event: string, message: unknown): boolean
  isOpen(): boolean
  /** Somebody wants it open: it is, or will be tried again. */
  isWanted(): boolean
  /** A `time` field of the host, for the clock offset. */
  sawTime(time: unknown): void
}

/** One connection attempt, from its socket to its end. */
interface Attempt {
  socket: EngineSocket | null
  login: Login | null
  attaching: Attaching | null
  cancelTimer: (() => void) | null
  open: boolean
  over: boolean
}

/** The connection to the host: opens, logs in, and comes back by itself for as long as it is wanted. */
export function createConnection(options: ConnectionOptions): Connection {
  const { config, hooks, clock, factory, handlers } = options
  let current: Attempt | null = null
  let cancelRetry: (() => void) | null = null
  let wanted = false
  let disposed = false
  let attempts = 0
  let failures = 0
  let openedAt = 0
  let clockOffset: number | null = null
  let last: ConnectionStatus = { state: 'disconnected', since: clock.now(), attempt: 0, clockOffset: null }

  function setStatus(state: ConnectionState, more: Pick<ConnectionStatus, 'error' | 'session'> = {}): void {
    last = { state, since: clock.now(), attempt: attempts, clockOffset, ...more }
    options.status(last)
  }

  function open(): void {
    cancelRetry?.()
    cancelRetry = null
    attempts++
    const attempt: Attempt = {
      socket: null,
      login: null,
      attaching: null,
      cancelTimer: null,
      open: false,
      over: false,
    }
    current = attempt
    setStatus('connecting')
    if (!config.hasAuth) return start(attempt, {})
    limitHook(attempt, 'auth')
    // Inside `then`, so that a hook that throws at once is handled like one that rejects.
    Promise.resolve()
      .then(() => hooks.auth())
      .then(
        (auth) => start(attempt, auth),
        (e) => end(attempt, plainError(e, 'unauthenticated', { hint: 'The auth option of the client failed.' }), false),
      )
  }

  /** A hook of the app that never settles must not hold the client for ever. */
  function limitHook(attempt: Attempt, option: 'auth' | 'authenticate'): void {
    const ms = config.authenticateTimeoutMs
    const error = failure('timeout', `the option ${option} of the client was not done within ${ms} ms`, {
      hint: 'It is called again with the next connection attempt; authenticateTimeoutMs sets the time.',
    })
    attempt.cancelTimer = clock.after(ms, () => end(attempt, error, false))
  }

  function start(attempt: Attempt, auth: Record<string, unknown>): void {
    if (attempt.over) return
    attempt.cancelTimer?.()
    let socket: EngineSocket
    try {
      socket = factory({
        url: config.url,
        path: config.path,
        transports: config.transports,
        auth,
        timeoutMs: CONNECT_TIMEOUT_MS,
      })
    } catch (e) {
      return end(attempt, plainError(e, 'config', { hint: `Check the client's url ("${config.url}").` }), false)
    }
    attempt.socket = socket
    attempt.cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () =>
      end(attempt, failure('timeout', `${config.url} did not answer within ${CONNECT_TIMEOUT_MS} ms`), false),
    )
    for (const [event, handle] of Object.entries(handlers)) socket.on(event, (message) => handle(message))
    socket.on('connect', () => logIn(attempt, socket))
    socket.on('connect_error', (error) => end(attempt, refusal(error), false))
    socket.on('disconnect', (reason) =>
      end(attempt, failure('disconnected', `the connection ended (${String(reason)})`), true),
    )
    socket.connect()
  }

  /** A middleware of the host says no with an error that carries `data`; all others come from the network. */
  function refusal(error: unknown): PlainError {
    const text = error instanceof Error ? error.message : String(error)
    if (typeof error === 'object' && error !== null && 'data' in error) {
      return failure('unauthenticated', `the host refused the connection: ${text}`, {
        hint: 'Check what the auth option sends.',
      })
    }
    return failure('disconnected', `no connection to ${config.url}: ${text}`)
  }

  function logIn(attempt: Attempt, socket: EngineSocket): void {
    if (attempt.over) return
    attempt.cancelTimer?.()
    attempt.cancelTimer = null
    if (!config.hasAuthenticate) return enter(attempt, socket)
    setStatus('authenticating')
    limitHook(attempt, 'authenticate')
    const login = createLogin(socket)
    attempt.login = login
    Promise.resolve()
      .then(() => hooks.authenticate(proxy(login.link)))
      .then(
        (error) => (error === null ? enter(attempt, socket) : end(attempt, error, false)),
        (e) =>
          end(
            attempt,
            plainError(e, 'unauthenticated', { hint: 'The authenticate option of the client failed.' }),
            false,
          ),
      )
  }

  /** Logged in: with sessions, nothing else is said before the host has attached ours. */
  function enter(attempt: Attempt, socket: EngineSocket): void {
    if (attempt.over) return
    attempt.cancelTimer?.()
    attempt.cancelTimer = null
    attempt.login?.close(failure('disposed', 'the login is over'))
    if (options.session === undefined) return succeed(attempt)
    attempt.attaching = options.session.attach(socket, (outcome) => {
      if ('footing' in outcome) succeed(attempt, outcome)
      else end(attempt, outcome, false)
    })
  }

  function succeed(attempt: Attempt, entry?: Entry): void {
    attempt.open = true
    attempts = 0
    openedAt = clock.now()
    setStatus('connected', entry === undefined ? {} : { session: entry.footing === 'fresh' ? 'fresh' : 'resumed' })
    options.opened(entry)
  }

  function end(attempt: Attempt, error: PlainError | undefined, byServer: boolean): void {
    if (attempt.over) return
    attempt.over = true
    attempt.cancelTimer?.()
    attempt.login?.close(error ?? failure('disconnected', 'the client disconnected'))
    attempt.attaching?.cancel(byServer)
    // Everything that was attached comes off (pitfall 40), before disconnecting, which would call it.
    attempt.socket?.off()
    attempt.socket?.offAny()
    attempt.socket?.disconnect()
    current = null
    const wasOpen = attempt.open
    attempt.open = false
    failures = wasOpen && clock.now() - openedAt >= STABLE_MS ? 0 : failures + 1
    clockOffset = null
    if (disposed) return
    setStatus('disconnected', error === undefined ? {} : { error })
    if (wasOpen) options.closed(byServer)
    if (wanted && current === null && cancelRetry === null) {
      cancelRetry = clock.after(
        backoff(failures - 1, config.reconnectMinMs, config.reconnectMaxMs, clock.random()),
        () => {
          cancelRetry = null
          open()
        },
      )
    }
  }

  return {
    connect() {
      if (disposed) return
      wanted = true
      if (current === null) {
        failures = 0
        open()
      }
    },
    disconnect() {
      wanted = false
      cancelRetry?.()
      cancelRetry = null
      if (current !== null) end(current, undefined, false)
      else if (!disposed && last.error !== undefined) setStatus('disconnected')
    },
    dispose() {
      if (disposed) return
      disposed = true
      wanted = false
      cancelRetry?.()
      cancelRetry = null
      if (current !== null) end(current, failure('disposed', 'the client was disposed'), false)
      setStatus('disposed')
    },
    emit(event, message) {
      if (current === null || !current.open || current.socket === null) return false
      current.socket.emit(event, message)
      return true
    },
    isOpen: () => current?.open === true,
    isWanted: () => wanted,
    sawTime(time) {
      if (typeof time !== 'number' || !Number.isFinite(time) || current === null) return
      const sample = time - clock.now()
      // A message is only ever late, so the largest sample is the best; far smaller ones mean that a clock was set.
      if (clockOffset !== null && sample <= clockOffset + 50 && sample > clockOffset - 60_000) return
      clockOffset = sample
      last = { ...last, clockOffset }
      options.status(last)
    },
  }
}
