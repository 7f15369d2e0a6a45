import { RivuletError } from '@rivulet/wire'
import type { Socket } from 'socket.io'
import type { HostedStore } from '../store.ts'
import { createArrivals } from './arrivals.ts'
import { type Connection, createConnection } from './connection.ts'
import { drain } from './drain.ts'
import { createEventHub } from './event-hub.ts'
import { createHealthChecks, onlyHealthChecks } from './health-checks.ts'
import { createHostLog } from './host-log.ts'
import type { Host, HostHealth, HostOptions, ServedStore } from './host-types.ts'
import { limitsOf } from './limits.ts'
import { openTransport } from './open-transport.ts'
import { createPackedSender } from './packed-sender.ts'
import type { Peer } from './peer.ts'
import { createRpcHub } from './rpc-hub.ts'
import { timeoutOf } from './rpc-method.ts'
import { createSessionManager } from './sessions/session-manager.ts'
import { createStoreHub, type StoreHub } from './store-hub.ts'
import { createStreamHub } from './streams/stream-hub.ts'
import { createTelemetry, type HostLoad } from './telemetry.ts'
import { viewerMessages } from './viewer-messages.ts'

/** How long an access lookup may take unless the options say otherwise. */
const ACCESS_MS = 10_000

/**
 * Serves stores, calls and events to browsers over Socket.IO (session.md §1 to §6): to Rivulet pages and to ReStream pages alike.
 *
 * Throws `RivuletError` `config` for options that cannot work. A viewer that breaks the protocol or a limit is disconnected and logged; it never affects others.
 *
 * @example
 * const board = createStore(BoardStore, emptyBoard())
 * const host = createHost({ port: 8080, cors: { origin: '*' }, stores: [board], access: () => 1 })
 * host.rpc(PlaceToken, ({ x, y }) => void board.update((draft) => place(draft, x, y)))
 */
export function createHost(options: HostOptions): Host {
  const limits = limitsOf(options.limits)
  const log = createHostLog(options.logger === undefined ? console : options.logger, options.log)
  const recordOnly = createHostLog(null, options.log)
  const failed = (what: string, error: unknown): void => {
    if (options.onError === undefined) return log('error', 'application.failed', what, { error })
    recordOnly('error', 'application.failed', what, { error })
    const broken = (e: unknown): void =>
      log('error', 'application.failed', 'the onError option of the host failed', { error: e })
    try {
      const result: unknown = options.onError(error, what)
      if (result instanceof Promise) result.catch(broken)
    } catch (e) {
      broken(e)
    }
  }
  const connections = new Set<Connection>()
  const arrivals = createArrivals(failed)
  const stores = new Map<string, StoreHub>()
  for (const store of options.stores ?? []) serve(store)
  const telemetry = createTelemetry(options.meter, load)
  const rpcs = createRpcHub({
    limits,
    called: (method, outcome, ms) => telemetry.called(method, outcome, ms),
    unknownMethod: options.unknownMethod ?? 'disconnect',
    timeoutMs: timeoutOf(options.handlerTimeoutMs ?? 0),
    annotate: options.annotations,
    draining: () => closing !== null,
    failed,
  })
  const events = createEventHub({ limits, everybody: peers, failed })
  const streams = createStreamHub({
    limits,
    broker: options.streams,
    minimumOf: (store) => stores.get(store)?.minimum,
    failed,
  })
  const hubs = { stores, events, streams }
  const accessTimeoutMs = timeoutOf(options.accessTimeoutMs ?? ACCESS_MS)
  const handlers = viewerMessages({ hubOf, rpcs, events, streams })
  const sessionLogger = {
    warn: (message: string) => log('warn', 'session.ended', message),
    error: (message: string) => log('error', 'application.failed', message),
  }
  const sessions =
    options.sessions === undefined
      ? undefined
      : createSessionManager(options.sessions, { limits, hubs, accessTimeoutMs, logger: sessionLogger, failed })
  const check = options.healthChecks === true ? createHealthChecks({ health }) : null
  const largest = Math.max(limits.rpcRequestBytes, limits.sendRequestBytes)
  const transport = openTransport(options, largest, onlyHealthChecks(check))
  const { namespace } = transport
  const send = createPackedSender(namespace)
  const born = performance.now()
  let status: HostHealth['status'] = 'starting'
  let closing: Promise<void> | null = null

  function peers(): Iterable<Peer> {
    return sessions?.sessions ?? connections
  }

  function load(): HostLoad {
    const now = { subscriptions: 0, callsInFlight: 0, sendsInFlight: 0, queuedMessages: 0 }
    for (const peer of peers()) {
      now.subscriptions += peer.storeSubscriptions + peer.keyedEventSubscriptions
      now.callsInFlight += peer.rpcs
      now.sendsInFlight += peer.sends
    }
    for (const connection of connections) now.queuedMessages += connection.outbox.depth
    const all = [...(sessions?.sessions ?? [])]
    const detachedSessions = all.filter((session) => session.connection === null).length
    return { viewers: connections.size, sessions: all.length, detachedSessions, ...now }
  }

  function isIdle(): boolean {
    const { callsInFlight, sendsInFlight } = load()
    return callsInFlight + sendsInFlight === 0 && [...connections].every((connection) => connection.idle)
  }

  function serve(store: ServedStore): void {
    const { def } = store
    if (!('follow' in store)) {
      throw new RivuletError('config', `store ${def.name} was not made by createStore`, {
        store: def.name,
      })
    }
    if (stores.has(def.name)) {
      throw new RivuletError('config', `two stores are called ${def.name}`, {
        store: def.name,
        hint: 'Serve each once.',
      })
    }
    const delivery = options.delivery ?? 'keyed'
    stores.set(def.name, createStoreHub(store as unknown as HostedStore, { limits, delivery, failed }))
  }

  function hubOf(name: string): StoreHub {
    const hub = stores.get(name)
    if (hub === undefined) throw new RivuletError('unknown-store', `there is no store called "${name.slice(0, 100)}"`)
    return hub
  }

  function welcome(socket: Socket): void {
    if (closing !== null) {
      socket.disconnect(true)
      return
    }
    const connection = createConnection(socket, {
      limits,
      access: options.access,
      accessTimeoutMs,
      log,
      telemetry,
      resumable: sessions !== undefined,
      send,
      resumes: (one) => sessions?.has(one) === true,
      closed(gone, leftovers) {
        connections.delete(gone)
        arrivals.gone(gone.viewer)
        sessions?.gone(gone, leftovers)
        for (const hub of stores.values()) hub.leave(gone)
        events.leave(gone)
        streams.leave(gone)
      },
    })
    connections.add(connection)
    for (const [event, handle] of Object.entries(handlers)) {
      socket.on(event, (message: unknown) =>
        connection.inOrder(() => {
          // With sessions nothing but an attach is heard before there is one.
          const peer = sessions === undefined ? connection : sessions.take(connection)
          return peer === undefined ? undefined : handle(peer, message)
        }),
      )
    }
    if (sessions !== undefined) {
      socket.on('viewersessionattach', (message: unknown) =>
        connection.inOrder(() => sessions.attach(connection, message)),
      )
      socket.on('viewersessionclose', (message: unknown) =>
        connection.inOrder(() => sessions.close(connection, message)),
      )
    }
    arrivals.came(connection.viewer)
  }

  async function close(drainMs: number): Promise<void> {
    status = 'draining'
    log('info', 'host.draining', `the host closes; it waits up to ${drainMs} ms for work in flight`, { detail: load() })
    if (drainMs > 0 && !(await drain(isIdle, drainMs)))
      log('warn', 'host.draining', `the host closes with work left after ${drainMs} ms`, { detail: load() })
    namespace.off('connection', welcome)
    sessions?.shutdown()
    for (const connection of Array.from(connections)) connection.viewer.disconnect()
    for (const hub of stores.values()) hub.close()
    await Promise.all([transport.close(), streams.idle()])
    status = 'closed'
    log('info', 'host.closed', 'the host is closed')
  }

  function health(): HostHealth {
    return { status, uptimeMs: performance.now() - born, ...load(), ...telemetry.totals }
  }

  function listens(port: number): void {
    if (status !== 'starting') return
    status = 'ok'
    log('info', 'host.listening', `the host listens on port ${port}`, { detail: { port } })
  }

  namespace.on('connection', welcome)
  // Whoever awaits `listening` gets the error; whoever does not must still not lose the process.
  transport.listening.then(
    (port) => listens(port),
    (error: unknown) => failed('the host cannot listen', error),
  )

  return {
    listening: transport.listening,
    get viewers() {
      return [...connections].map((connection) => connection.viewer)
    },
    onViewer: (listener) => arrivals.listen(listener),
    rpc: rpcs.rpc,
    onSend: rpcs.onSend,
    event: events.event,
    emit: (def, packet) => events.event(def).emit(packet),
    keyedEvent(def) {
      hubOf(def.store)
      return events.keyedEvent(def)
    },
    onSubscription: (def, listener) => hubOf(def.name).edges.listen(listener),
    closeSessions: () => sessions?.shutdown(),
    health,
    close: ({ drainMs = 0 } = {}) => (closing ??= close(drainMs)),
  }
}
