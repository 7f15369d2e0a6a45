import { type Delta, encodeDelta, encodeState, type Path, type StoreDef } from '@rivulet/wire'
import { createEngine } from '../../src/engine/create-engine.ts'
import type { ListQuery } from '../../src/list-query.ts'
import type {
  ConnectionStatus,
  EngineConfig,
  EngineControl,
  EngineMessage,
  PageHooks,
  PlainError,
} from '../../src/protocol.ts'
import { BoardStore } from './board.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { type FakeNet, fakeNet, type FakeSocket } from './fake-socket.ts'
import { PageModel, type Seen } from './page-model.ts'

export const CONFIG: EngineConfig = {
  url: 'http://host.test',
  path: '/socket',
  transports: ['websocket'],
  hasAuth: false,
  hasAuthenticate: false,
  authenticateTimeoutMs: 30_000,
  delivery: 'safe',
  reconnectMinMs: 100,
  reconnectMaxMs: 10_000,
  callTimeoutMs: 30_000,
  graceMs: 1_000,
  maxCallsInFlight: 4,
  maxCallsQueued: 8,
}

export const NO_HOOKS: PageHooks = {
  auth: async () => ({}),
  authenticate: async () => null,
}

/** An engine with a scripted network, a clock of its own and the page's end of the data port in hand. */
export interface Rig {
  readonly engine: EngineControl
  readonly net: FakeNet
  readonly clock: FakeClock
  readonly page: PageModel
  readonly errors: PlainError[]
  readonly statuses: ConnectionStatus[]
  readonly events: { listener: number; time: number; bytes: ArrayBuffer }[]
  readonly socket: FakeSocket
  readonly port: { closed: boolean }
  /** Connects and lets the host say yes. */
  open(): Promise<FakeSocket>
  watch(id: number, path: Path, store?: number, query?: ListQuery, shown?: true): Promise<void>
  unwatch(...ids: number[]): Promise<void>
  credit(): void
  seen(id: number): Seen
  full(state: unknown, def?: StoreDef): void
  partial(delta: Delta, def?: StoreDef): void
  raw(message: unknown): void
  /** Keys that are subscribed, as the host counts them over the life of the socket. */
  keys(store?: string): string[]
}

export interface RigOptions {
  readonly config?: Partial<EngineConfig>
  readonly hooks?: Partial<PageHooks>
  readonly stores?: readonly StoreDef[]
  readonly prepare?: (socket: FakeSocket) => void
  /** Puts something else in the place of the outside world. */
  readonly deps?: Parameters<typeof createEngine>[0]
}

export async function rig({ config, hooks, stores = [], prepare, deps }: RigOptions = {}): Promise<Rig> {
  const net = fakeNet(prepare)
  const clock = fakeClock()
  const page = new PageModel()
  const errors: PlainError[] = []
  const statuses: ConnectionStatus[] = []
  const events: { listener: number; time: number; bytes: ArrayBuffer }[] = []
  const port = {
    closed: false,
    listeners: new Set<(event: { data: unknown }) => void>(),
    addEventListener: (_: 'message', listener: (event: { data: unknown }) => void) => void port.listeners.add(listener),
    removeEventListener: (_: 'message', listener: (event: { data: unknown }) => void) =>
      void port.listeners.delete(listener),
    start: () => undefined,
    postMessage(message: EngineMessage, transfer: Transferable[]) {
      const got = structuredClone(message, { transfer })
      if (got.type === 'patch') page.take(got.buffer)
      else if (got.type === 'error') errors.push(got.error)
      else if (got.type === 'connection') statuses.push(got.status)
      else if (got.type === 'event') events.push(got)
    },
    close() {
      port.closed = true
    },
  }
  const engine = createEngine({ io: net.factory, clock, ...deps })
  await engine.start({ ...CONFIG, ...config }, port as unknown as MessagePort, { ...NO_HOOKS, ...hooks })
  for (const [i, def] of stores.entries()) await engine.define(i, def)
  const self: Rig = {
    engine,
    net,
    clock,
    page,
    errors,
    statuses,
    events,
    port,
    get socket() {
      return net.last
    },
    async open() {
      await engine.connect()
      await settled()
      net.last.receive('connect')
      await settled()
      return net.last
    },
    async watch(id, path, store = 0, query, shown) {
      page.watch(id, stores[store] as StoreDef, path)
      await engine.watch([{ id, store, path, ...(query && { query }), ...(shown && { shown }) }])
    },
    async unwatch(...ids) {
      for (const id of ids) page.unwatch(id)
      await engine.unwatch(ids)
    },
    credit() {
      for (const listener of port.listeners) listener({ data: { type: 'credit' } })
    },
    seen: (id) => page.get(id),
    full: (state, def = stores[0] ?? BoardStore) =>
      net.last.receive('storeupdate', {
        time: clock.now(),
        kind: 0,
        storeName: def.name,
        state: encodeState(def, state),
      }),
    partial: (delta, def = stores[0] ?? BoardStore) =>
      net.last.receive('storeupdate', {
        time: clock.now(),
        kind: 2,
        storeName: def.name,
        partial: encodeDelta(def, delta),
      }),
    raw: (message) => net.last.receive('storeupdate', message),
    keys(store = stores[0]?.name) {
      const counts = new Map<string, number>()
      for (const m of net.last.sent('storesub')) {
        if (m['storeName'] !== store) continue
        const key = (m['key'] as string | undefined) ?? ''
        counts.set(key, (counts.get(key) ?? 0) + (m['action'] === 0 ? 1 : -1))
      }
      for (const [key, n] of counts)
        if (n < 0 || n > 1) throw new Error(`key "${key}" is counted ${n} times by the host`)
      return [...counts].filter(([, n]) => n === 1).map(([key]) => key)
    },
  }
  return self
}

/** Lets all promise callbacks run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
