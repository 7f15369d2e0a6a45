import type { Client } from '@rivulet/client'
import { encodeValue, type EventDef, type KeyedEventDef, parseKey, RivuletError, type StoreDef } from '@rivulet/wire'
import { createHandlers, type Handle } from './handlers.ts'
import { createHeldStore, type HeldStore, type StateChange } from './held-store.ts'
import { type Act, settle } from './settle.ts'
import { ownBuffer } from './store-messages.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import type { TestServer, TestSubscription } from './test-server.ts'
import { createTestSocket, type TestSocket } from './test-socket.ts'
import { createTraffic } from './traffic.ts'
import { createViewer, type Viewer } from './viewer.ts'

/** Options of a test server. */
export interface TestServerOptions {
  /**
   * `settled()` delivers within it, so that what the pages' updates render is there when `settled()` resolves: `act` of `@testing-library/react`, or of `react`. Without React leave it out.
   */
  readonly act?: Act
  /** Hears what a handler of a call without an answer threw; written to the console when absent. */
  readonly onError?: (error: unknown) => void
}

/**
 * Makes a host for tests: the pages that `client()` makes are real, with engine, wire bytes and patches; only the network and the worker are left out. It runs in Node, jsdom, happy-dom and browsers,
 * with real timers or fake ones.
 *
 * @example
 * const server = createTestServer()
 * const client = server.client()
 * server.set(BoardStore, { xTurn: true })
 * const xTurn = client.store(BoardStore)
 * xTurn.subscribe('xTurn', listener)
 * await server.settled()
 */
export function createTestServer(options: TestServerOptions = {}): TestServer {
  const traffic = createTraffic()
  const handlers = createHandlers()
  const stores = new Map<string, HeldStore>()
  const viewers = new Map<TestSocket, Viewer>()
  const clients = new Set<TestClient>()
  let away = false
  let disposed = false

  const failed = options.onError ?? ((error: unknown) => console.error(error))

  const open = (socket: TestSocket): boolean => {
    if (away) return false
    const viewer = createViewer({
      store: (name) => stores.get(name),
      send: ({ event, body }) => socket.send(event, body),
      call(callID, method, request) {
        void handlers.call(callID, method, request).then(({ event, body }) => socket.send(event, body))
      },
      fire: (method, request) => void handlers.send(method, request).catch(failed),
    })
    viewers.set(socket, viewer)
    return true
  }

  const io = (): TestSocket =>
    createTestSocket(traffic, {
      open,
      message: (socket, event, body) => viewers.get(socket)?.take(event, body),
      close: (socket) => void viewers.delete(socket),
    })

  const held = <S>(def: StoreDef<S>): HeldStore<S> => {
    const store = stores.get(def.name)
    if (store === undefined) {
      throw new RivuletError('unknown-store', 'the test server has no state for this store', {
        store: def.name,
        hint: 'Give it one first: server.set(Def, { … }).',
      })
    }
    return store as unknown as HeldStore<S>
  }

  const tell = (store: HeldStore, change: StateChange | null): void => {
    if (change === null) return
    for (const viewer of viewers.values()) viewer.changed(store, change)
  }

  const alive = (): void => {
    if (!disposed) return
    throw new RivuletError('disposed', 'the test server was disposed', { hint: 'Make one per test.' })
  }

  function emit(event: EventDef | KeyedEventDef, ...rest: readonly unknown[]): void {
    alive()
    const packet = rest.at(-1)
    const bytes = encodeValue(event.types, { kind: 'struct', ref: event.packet }, packet)
    const time = Date.now()
    if (event.kind === 'event') {
      for (const socket of viewers.keys())
        socket.send('event', { time, eventName: event.name, event: ownBuffer(bytes) })
      return
    }
    const key = rest[0]
    if (rest.length < 2 || typeof key !== 'string' || key === '') {
      throw new RivuletError('config', 'a keyed event needs a key', {
        store: `${event.store}.${event.name}`,
        hint: 'Pass a non-empty string before the packet.',
      })
    }
    const { store: storeName, name: eventName } = event
    for (const [socket, viewer] of viewers) {
      if (viewer.hears(storeName, eventName, key))
        socket.send('keyedevent', { time, storeName, eventName, key, event: ownBuffer(bytes) })
    }
  }

  const settled = (): Promise<void> => {
    const grant = (): void => clients.forEach((client) => client.grant())
    return settle(traffic, grant, options.act)
  }

  return {
    client(clientOptions = {}): Client {
      alive()
      const client = createTestClient(io, traffic, clientOptions)
      clients.add(client)
      return client.client
    },
    set(def, fields) {
      alive()
      const store = stores.get(def.name)
      if (store !== undefined) return tell(store, held(def).put(fields))
      const first = createHeldStore(def, fields) as unknown as HeldStore
      stores.set(def.name, first)
      for (const viewer of viewers.values()) viewer.arrived(first)
    },
    update(def, recipe) {
      alive()
      const store = held(def)
      tell(store, store.update(recipe))
    },
    state: (def) => held(def).state,
    on: (def: Parameters<typeof handlers.add>[0], handle: Handle) => handlers.add(def, handle),
    emit,
    disconnect() {
      away = true
      for (const socket of viewers.keys()) socket.drop('transport close')
      viewers.clear()
    },
    reconnect() {
      away = false
      // After the news of the disconnect, which may still be on its way.
      traffic.later(() => clients.forEach((client) => client.retry()))
    },
    subscriptions: () => [...viewers.values()].flatMap((viewer) => subscriptionsOf(viewer, stores)),
    settled,
    async dispose() {
      disposed = true
      await Promise.all([...clients].map(({ client }) => client.dispose()))
      clients.clear()
    },
  }
}

function subscriptionsOf({ keys }: Viewer, stores: ReadonlyMap<string, HeldStore>): TestSubscription[] {
  return [...keys].flatMap(([store, all]) =>
    [...all].map((key) => {
      const def = stores.get(store)?.def
      return { store, key, path: def === undefined ? null : parseKey(def, key) }
    }),
  )
}
