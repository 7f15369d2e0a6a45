import type {
  CallOptions,
  Client,
  ConnectionStatus,
  EventDef,
  KeyedEventDef,
  RpcDef,
  SendDef,
  StoreDef,
  StreamDef,
  StreamOptions,
  StreamStatus,
} from '@rivulet/client'
import { createFakeStore, type FakeStore } from './fake-store.ts'
import { FLEET, FleetStore } from './schema.ts'

type PacketListener = (packet: unknown, info: { time: number }) => void

/** A call that waits for the test to answer it. */
interface FakeCall {
  readonly rpc: RpcDef
  readonly args: unknown
  readonly options: CallOptions | undefined
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A stream that somebody has opened. */
interface FakeStream {
  readonly def: StreamDef
  readonly key: string
  readonly options: StreamOptions
  closed: boolean
  setStatus(status: StreamStatus): void
}

/** A client without a network: the test is the host. */
export interface FakeClient {
  readonly client: Client
  /** The store that the test is about. */
  readonly store: FakeStore
  readonly calls: readonly FakeCall[]
  readonly sent: readonly { readonly def: SendDef; readonly args: unknown }[]
  /** Every stream that was opened, the closed ones too. */
  readonly streams: readonly FakeStream[]
  readonly setConnection: (status: ConnectionStatus) => void
  readonly emit: (event: EventDef | KeyedEventDef, packet: unknown, key?: string) => void
  /** Listeners of events now, as `name` or `name:key`. */
  readonly listening: () => string[]
  /** How often anybody has started to listen to an event. */
  readonly listens: number
}

/** A {@link FakeClient} whose store `about` holds `initial`; `null`: nothing has arrived yet. */
export function createFakeClient(initial: unknown = FLEET, about: StoreDef = FleetStore): FakeClient {
  const calls: FakeCall[] = []
  const sent: { def: SendDef; args: unknown }[] = []
  const events = new Set<{
    readonly name: string
    readonly key: string | undefined
    readonly listener: PacketListener
  }>()
  const streams: FakeStream[] = []
  const connectionListeners = new Set<() => void>()
  let connection: ConnectionStatus = { state: 'connecting', since: 1, attempt: 0, clockOffset: null }
  let listens = 0
  const stores = new Map<StoreDef, FakeStore>()
  const storeOf = (def: StoreDef): FakeStore => {
    let store = stores.get(def)
    if (store === undefined) {
      store = createFakeStore(def, client, def === about && initial !== null ? initial : undefined)
      stores.set(def, store)
    }
    return store
  }

  const client = {
    store: (def: StoreDef) => storeOf(def).page,
    call: (rpc: RpcDef, args: unknown, options?: CallOptions) =>
      new Promise((resolve, reject) => {
        calls.push({ rpc, args, options, resolve, reject })
      }),
    send: (def: SendDef, args: unknown) => {
      sent.push({ def, args })
      return Promise.resolve()
    },
    on(event: EventDef | KeyedEventDef, keyOrListener: string | PacketListener, listener?: PacketListener) {
      listens += 1
      const keyed = typeof keyOrListener === 'string'
      const entry = {
        name: event.name,
        key: keyed ? keyOrListener : undefined,
        listener: (keyed ? listener : keyOrListener) as PacketListener,
      }
      events.add(entry)
      return () => void events.delete(entry)
    },
    stream(def: StreamDef, key: string, options: StreamOptions) {
      const listeners = new Set<() => void>()
      let status: StreamStatus = { state: 'opening', since: 1 }
      const stream: FakeStream = {
        def,
        key,
        options,
        closed: false,
        setStatus(next) {
          status = next
          for (const listener of listeners) listener()
        },
      }
      streams.push(stream)
      return {
        def,
        key,
        status: {
          get: () => status,
          subscribe(listener: () => void) {
            listeners.add(listener)
            return () => void listeners.delete(listener)
          },
        },
        post: () => true,
        close: () => void (stream.closed = true),
      }
    },
    connection: {
      get: () => connection,
      subscribe(listener: () => void) {
        connectionListeners.add(listener)
        return () => void connectionListeners.delete(listener)
      },
    },
    mode: Promise.resolve('inline'),
    connect: () => undefined,
    disconnect: () => undefined,
    dispose: () => Promise.resolve(),
  } as unknown as Client

  return {
    client,
    store: storeOf(about),
    calls,
    sent,
    streams,
    setConnection(status) {
      connection = status
      for (const listener of connectionListeners) listener()
    },
    emit(event, packet, key) {
      for (const entry of events) {
        if (entry.name === event.name && entry.key === key) entry.listener(packet, { time: 1 })
      }
    },
    listening: () => [...events].map(({ name, key }) => (key === undefined ? name : `${name}:${key}`)).toSorted(),
    get listens() {
      return listens
    },
  }
}
