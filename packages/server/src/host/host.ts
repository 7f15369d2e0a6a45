import { RivuletError } from '@rivulet/wire'
import type { Socket } from 'socket.io'
import type { HostedStore } from '../store.ts'
import { type Connection, createConnection, type HostLogger } from './connection.ts'
import { createEventHub } from './event-hub.ts'
import type { Host, HostHealth, HostOptions, ServedStore } from './host-types.ts'
import { drain } from './drain.ts'
import { limitsOf } from './limits.ts'
import { openTransport } from './open-transport.ts'
import type { Peer } from './peer.ts'
import { readFields } from './read-fields.ts'
import { createRpcHub } from './rpc-hub.ts'
import { createSessionManager } from './sessions/session-manager.ts'
import { createStoreHub, type StoreHub } from './store-hub.ts'
import { createStreamHub } from './streams/stream-hub.ts'
import { createTelemetry, type HostLoad } from './telemetry.ts'

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
  const logger: HostLogger = options.logger === null ? SILENT : (options.logger ?? console)
  const failed = (what: string, error: unknown): void => {
    if (options.onError === undefined) logger.error(what, error)
    else options.onError(error, what)
  }
  const connections = new Set<Connection>()
  const stores = new Map<string, StoreHub>()
  for (const store of options.stores ?? []) serve(store)
  const telemetry = createTelemetry(options.meter, load)
  const rpcs = createRpcHub({
    limits,
    called: (method, outcome, ms) => telemetry.called(method, outcome, ms),
    unknownMethod: options.unknownMethod ?? 'disconnect',
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
  const sessions =
    options.sessions === undefined
      ? undefined
      : createSessionManager(options.sessions, { limits, hubs, logger, failed })
  const transport = openTransport(options, Math.max(limits.rpcRequestBytes, limits.sendRequestBytes))
  const { namespace } = transport
  const born = performance.now()
  let status: HostHealth['status'] = 'starting'
  let closing: Promise<void> | null = null

  function peers(): Iterable<Peer> {
    return sessions?.sessions ?? connections
  }

  function load(): HostLoad {
    const now = { subscriptions: 0, callsInFlight: 0, queuedMessages: 0 }
    for (const peer of peers()) {
      now.subscriptions += peer.storeSubscriptions + peer.keyedEventSubscriptions
      now.callsInFlight += peer.rpcs
    }
    for (const connection of connections) now.queuedMessages += connection.outbox.depth
    const all = [...(sessions?.sessions ?? [])]
    const detachedSessions = all.filter((session) => session.connection === null).length
    return { viewers: connections.size, sessions: all.length, detachedSessions, ...now }
  }

  function isIdle(): boolean {
    return load().callsInFlight === 0 && [...connections].every((connection) => connection.idle)
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
      logger,
      telemetry,
      closed(gone, leftovers) {
        connections.delete(gone)
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
    if (sessions === undefined) return
    socket.on('viewersessionattach', (message: unknown) =>
      connection.inOrder(() => sessions.attach(connection, message)),
    )
    socket.on('viewersessionclose', (message: unknown) => connection.inOrder(() => sessions.close(connection, message)))
  }

  const handlers: Readonly<Record<string, (peer: Peer, message: unknown) => void | Promise<void>>> = {
    storesub(peer, message) {
      const { storeName, action, key } = readFields(message, {
        storeName: 'string',
        action: 'int',
        key: 'string',
      })
      const hub = hubOf(storeName)
      return starts(action) ? hub.subscribe(peer, key) : hub.unsubscribe(peer, key)
    },
    rpccall(peer, message) {
      const { callID, methodName, request } = readFields(message, CALL)
      return rpcs.call(peer, callID, methodName, request)
    },
    ffrpc(peer, message) {
      const { methodName, request } = readFields(message, SEND)
      return rpcs.send(peer, methodName, request)
    },
    keyedeventsub(peer, message) {
      const { storeName, eventName, action, key } = readFields(message, KEYED)
      const { minimum } = hubOf(storeName)
      const tuple = { store: storeName, event: eventName, key }
      return starts(action) ? events.listen(peer, tuple, minimum) : events.unlisten(peer, tuple)
    },
    datastreamsub(peer, message) {
      const { subscriptionID, storeName, streamName, action, key } = readFields(message, STREAM)
      return starts(action)
        ? streams.open(peer, { subscriptionID, store: storeName, stream: streamName, key })
        : streams.release(peer, subscriptionID)
    },
  }

  async function close(drainMs: number): Promise<void> {
    status = 'draining'
    if (drainMs > 0 && !(await drain(isIdle, drainMs)))
      logger.warn(`the host closes with work left after ${drainMs} ms`, load())
    namespace.off('connection', welcome)
    sessions?.shutdown()
    for (const connection of Array.from(connections)) connection.viewer.disconnect()
    for (const hub of stores.values()) hub.close()
    await Promise.all([transport.close(), streams.idle()])
    status = 'closed'
  }

  namespace.on('connection', welcome)
  // Whoever awaits `listening` gets the error; whoever does not must still not lose the process.
  transport.listening.then(
    () => void (status = status === 'starting' ? 'ok' : status),
    (error: unknown) => failed('the host cannot listen', error),
  )

  return {
    listening: transport.listening,
    get viewers() {
      return [...connections].map((connection) => connection.viewer)
    },
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
    health() {
      const { sentBytes, sentMessages, conflations, dropped } = telemetry
      return { status, uptimeMs: performance.now() - born, ...load(), sentBytes, sentMessages, conflations, dropped }
    },
    close: ({ drainMs = 0 } = {}) => (closing ??= close(drainMs)),
  }
}

const CALL = { callID: 'int', methodName: 'string', request: 'bytes' } as const
const SEND = { methodName: 'string', request: 'bytes' } as const
const KEYED = { storeName: 'string', eventName: 'string', action: 'int', key: 'string' } as const
const STREAM = {
  subscriptionID: 'string',
  storeName: 'string',
  streamName: 'string',
  action: 'int',
  key: 'string',
} as const
const SILENT: HostLogger = { warn: () => undefined, error: () => undefined }

/** Whether an `action` field asks for a start (0) or a stop (1). */
function starts(action: number): boolean {
  if (action === 0) return true
  if (action === 1) return false
  throw new RivuletError('protocol', `"action" is ${action}, not 0 or 1`)
}
