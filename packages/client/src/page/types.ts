import type {
  EventDef,
  KeyedEventDef,
  Path,
  RivuletError,
  RpcDef,
  SendDef,
  StoreDef,
  StreamDef,
  StreamUnit,
} from '@rivulet/wire'
import type { ConnectionStatus, Delivery, LoginLink, OfflineConfig, PathStatus } from '../protocol.ts'
import type { StreamStatus, UnitInfo } from '../stream-protocol.ts'
import type { ListLine, ListSink } from './list-sink.ts'
import type { Optimistic } from './optimistic-types.ts'
import type { PathOf, ValueAt } from './path-types.ts'

/** A value that changes: read it with `get`, hear about changes with `subscribe`. `get` returns the same object until something changed. */
export interface Readable<T> {
  get(): T
  /** Calls `listener` after every change; returns the function that stops it. */
  subscribe(listener: () => void): () => void
}

/**
 * Options of `createClient`. Times in milliseconds.
 *
 * @example
 * createClient({ url: 'https://example.com', authenticate: async (link) => { await link.emit('login', token) } })
 */
export interface ClientOptions {
  /** Origin of the host, `https://example.com`. */
  readonly url: string
  /** Path of the Socket.IO endpoint; `/socket` when absent. */
  readonly path?: string
  /** Socket.IO transports in order of preference; WebSocket only when absent. */
  readonly transports?: readonly ('websocket' | 'polling')[]
  /** The Socket.IO `auth` payload, or what makes one for each connection attempt. */
  readonly auth?: Record<string, unknown> | (() => Record<string, unknown> | Promise<Record<string, unknown>>)
  /** The app's own login, run after every connect and before anything is subscribed. Throwing means "not logged in": the client tries again later. */
  readonly authenticate?: (link: LoginLink) => void | Promise<void>
  /** How long `auth` and `authenticate` may take, each; then the attempt has failed with code `timeout` and the client tries again later. 30 000 when absent. */
  readonly authenticateTimeoutMs?: number
  /** How precisely paths become subscriptions on the wire; `'safe'` when absent. */
  readonly delivery?: Delivery
  /** Where the engine runs: `'auto'` (a worker, with fallbacks), `'inline'` (on this thread), or a function that starts your own worker. */
  readonly worker?: 'auto' | 'inline' | (() => Worker)
  /**
   * Whether the tabs of this origin share one engine and one connection: `'own'` each has its own; `'shared'` a SharedWorker; `'leader'` one of the tabs runs it for all; `'auto'` a SharedWorker where there
   * is one, else a leader. Where it does not work the tab gets an engine of its own, and `onError` says why. Only tabs with the same options and the same identity share. `'own'` when absent (docs/tabs.md).
   */
  readonly tabs?: 'own' | 'shared' | 'leader' | 'auto'
  /** Who is logged in, as any string: tabs share only with the same. Needed with `tabs` when `auth` is a function or there is an `authenticate`; otherwise `auth` itself says it. */
  readonly identity?: string
  /** How long a call may take; 30 000 when absent. */
  readonly callTimeoutMs?: number
  /** How long a path stays subscribed after its last listener left; 1 000 when absent. */
  readonly graceMs?: number
  /** Bounds of the delay between connection attempts; 500 and 10 000 when absent. */
  readonly reconnect?: { readonly minMs?: number; readonly maxMs?: number }
  /**
   * Viewer sessions: after a lost connection the host sends only what changed meanwhile, keeps events, and answers calls that were under way. The host needs them too (`createHost({ sessions })`, or a Go host
   * with a session manager, which hears nothing without). Absent or `false`: every connection starts from nothing.
   */
  readonly sessions?: boolean | SessionOptions
  /** The last known state of chosen stores, kept in the browser and shown as `stale` until the host is heard; made by `keepOffline` (docs/offline.md). Absent: nothing is kept. */
  readonly offline?: OfflineConfig
  /**
   * Whether devtools (`@rivulet/devtools`) may look into this client: the engine then keeps what passed through it last, 4 MiB or `ringBytes`, so that they show it when they are opened, and components are known by
   * name. Absent: while `process.env.NODE_ENV` is `'development'`. Of tabs that share an engine the first decides how much is kept.
   */
  readonly devtools?: boolean | { readonly ringBytes?: number }
  /** `false`: nothing is started before `connect()`. Otherwise a browser starts at once, other places with the first subscription or call. */
  readonly autoConnect?: boolean
  /** Hears every problem that no promise carries. Absent: each distinct message is written to the console once. */
  readonly onError?: (error: RivuletError) => void
  /** How long a worker may take to start before the next fallback is tried; 5 000 when absent. */
  readonly workerStartTimeoutMs?: number
}

/**
 * How viewer sessions are used (docs/sessions.md).
 *
 * `disconnect()` and `dispose()` end the session at the host; a connection that is lost otherwise leaves it waiting there, a minute by default.
 *
 * @example
 * createClient({ url: 'https://example.com', sessions: { attachTimeoutMs: 5_000 } })
 */
export interface SessionOptions {
  /** How long the host may take to answer an attach, milliseconds; 10 000 when absent. */
  readonly attachTimeoutMs?: number
  /**
   * `true`: a host that cannot say what was lost in a connection that died is believed to have lost nothing, as the ReStream client does. It saves a baseline per store and resume, and leaves a store out
   * of date without notice after a connection that died silently. A Rivulet host says it, so this changes nothing there. `false` when absent.
   */
  readonly trustResume?: boolean
}

/**
 * Where the engine of a client runs: in a worker of the page (from its file, from a Blob, made by the app), on the page, in a worker of all tabs, in this tab for all (`leader`), in another tab (`follower`).
 */
export type ClientMode = 'worker' | 'blob-worker' | 'inline' | 'custom' | 'shared-worker' | 'leader' | 'follower'

/** Options of one call, whose arguments are `Args`. */
export interface CallOptions<in Args = never> {
  /** How long it may take, milliseconds; the client's `callTimeoutMs` when absent. */
  readonly timeoutMs?: number
  /** Gives the call up; the promise rejects with code `aborted`. The host may have run it all the same. */
  readonly signal?: AbortSignal
  /** What the call is expected to change, shown until the server's state of it arrives: `optimistic` of `@rivulet/client/optimistic`. */
  readonly optimistic?: Optimistic<Args>
}

/** What an event listener learns besides the packet. */
export interface EventInfo {
  /** When the host sent it, Unix milliseconds of the host's clock. */
  readonly time: number
}

/** Sends something to the worker's handler of a stream; `transfer` lists what moves over instead of being copied. */
export type PostToHandler = (message: unknown, transfer?: readonly Transferable[]) => void

/** Options of `client.stream`. The bounds are those of whoever opened the stream first. */
export interface StreamOptions {
  /**
   * Gets each unit, in order. The payload is its own from then on (a view into the message that arrived; other listeners of the stream see the same one). After a loss the first unit has `discontinuity` set and
   * `info.lost` says how many are missing. An error is reported as uncaught, and stops nobody else.
   */
  readonly onUnit?: (unit: StreamUnit, info: UnitInfo) => void
  /** Gets what the worker's handler of this stream posts (`handleStream` of `@rivulet/client/worker`). */
  readonly onMessage?: (message: unknown) => void
  /** Runs whenever the stream starts in a worker, which is again after a worker died: the place to post what the handler needs. */
  readonly onStart?: (post: PostToHandler) => void
  /** Units that may wait for a page that is busy; 256 when absent. */
  readonly maxUnits?: number | undefined
  /** Bytes that may wait for a page that is busy; 16 MiB when absent. */
  readonly maxBytes?: number | undefined
  /** A source that is never silent for longer: when it is, the data connection counts as dead and is opened again. Milliseconds; any silence is fine when absent. */
  readonly maxSilenceMs?: number | undefined
}

/** An open data stream. Made by `client.stream`. */
export interface DataStream {
  readonly def: StreamDef
  readonly key: string
  /** `opening` · `live` · `reconnecting` it was live and comes back by itself · `error` refused, asked for again after a while · `closed`; with the lease's expiry and metadata, and with the error. */
  readonly status: Readable<StreamStatus>
  /** Posts to the worker's handler of this stream. False: no worker runs at the moment, and nothing was sent or transferred; `onStart` says when one does. */
  post(message: unknown, transfer?: readonly Transferable[]): boolean
  /** Ends it: no unit comes any more. The lease is given back after the client's `graceMs`, unless the same stream is opened again. Safe to call twice. */
  close(): void
}

/** One connection to a host: stores, calls and events. Made by `createClient`. */
export interface Client {
  /** The page's view of a store. The same object for the same definition, and for a copy of it. Throws `config` for another definition under the same name. */
  store<S>(def: StoreDef<S>): PageStore<S>
  /** The stores that were asked for so far, oldest first; `def.name` is the name of each. For tools: an app knows its stores. */
  readonly stores: readonly PageStore<unknown>[]
  /** Calls the host. Rejects with a `RivuletError`: `rpc` (the handler's own error, its text is the message), `timeout`, `aborted`, `disconnected`, `disposed`, `limit`, `worker`, or a wire code. */
  call<A, R>(rpc: RpcDef<A, R>, args: A, options?: CallOptions<NoInfer<A>>): Promise<R>
  /** Sends without waiting for an answer; resolves when it is on its way. */
  send<A>(def: SendDef<A>, args: A): Promise<void>
  /** Listens to an event; returns the function that stops it. A listener that throws does not stop the others. */
  on<P>(event: EventDef<P>, listener: (packet: P, info: EventInfo) => void): () => void
  /** Listens to an event of a store for one key. Throws `config` for an empty key. */
  on<P>(event: KeyedEventDef<P>, key: string, listener: (packet: P, info: EventInfo) => void): () => void
  /**
   * Opens a high-bandwidth stream of a store, such as a camera: its units come over a data connection of their own, which the worker holds, renews and opens again. Streams of the same definition
   * and key share one. It never throws: refusals, names and bounds that cannot be (`denied`, `limit`, `invalid-value`, `config`) show in `status`.
   *
   * @example
   * const camera = client.stream(CameraVideo, 'bow', { onUnit: (unit, { lost }) => decoder.decode(unit.payload) })
   * camera.status.subscribe(() => console.log(camera.status.get().state))
   * camera.close()
   */
  stream(def: StreamDef, key: string, options: StreamOptions): DataStream
  /** The connection, separate from any data. */
  readonly connection: Readable<ConnectionStatus>
  /** Where the engine runs, once it does. Rejects with `disposed` when the client ended first, `worker` when it cannot run at all. */
  readonly mode: Promise<ClientMode>
  /** Connects, and stays connected. Does nothing when it is already. */
  connect(): void
  /** Hangs up until `connect()`, and ends the viewer session if there is one. Values stay. */
  disconnect(): void
  /** Ends everything: pending calls reject with `disposed`, the worker stops. Safe to call twice. */
  dispose(): Promise<void>
}

/**
 * The page's view of one store. Reading never subscribes and never throws for data that is not there; listening is what makes data arrive.
 *
 * Values are immutable: a change gives new objects along its path, everything else keeps its identity. What is not known yet reads as the zero value of
 * its type, or `undefined` for elements of maps and lists. Where `path` may be left out it means the whole store.
 */
export interface PageStore<S> {
  readonly def: StoreDef<S>
  readonly client: Client
  /** The whole state. It follows the host only while somebody listens to the whole store. */
  get(): S
  /** The value at `path`. Throws `path` when the schema has no such place. */
  get<const P extends PathOf<S>>(path: P): ValueAt<S, P>
  /** Follows `path` until the returned function is called. `listener` runs once per patch, after the whole patch is in. Throws `path` for a path that leads nowhere. */
  subscribe(path: PathOf<S>, listener: () => void): () => void
  /** `idle` nobody listens · `loading` nothing there yet · `live` · `stale` last known value, connection lost · `error`. A path below a followed one has that one's status. */
  status(path?: PathOf<S>): PathStatus
  /** Why the status is `error`. */
  statusError(path?: PathOf<S>): RivuletError | undefined
  /** Whether a value has arrived. Stays true through disconnects, until the path is given up. */
  loaded(path?: PathOf<S>): boolean
  /** Follows `path` until it is live. Rejects with the path's error, `aborted` or `disposed`. */
  ready(path?: PathOf<S>, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** A number that differs whenever the value at `path` may differ; 0 while nothing is known. */
  version(path: PathOf<S>): number
  /**
   * What a server renders at `path`, and what a page hydrates with: the state that came with the page (`hydrate`, `prefetch` of `@rivulet/client/ssr`), else the zero value. It stays the same whatever arrives later.
   * Throws `path`.
   */
  initial(path?: PathOf<S>): Initial
  /** Calls `listener` when the status at `path` changes. Follows nothing by itself. */
  subscribeStatus(path: PathOf<S>, listener: () => void): () => void
  /** Has the engine work something out about the map, list or set at `path`. What `storeKeys`, `storeSize` and `storeDiff` are made of; use those. Throws `path` for a path that leads nowhere. */
  list(path: Path, sink: ListSink): ListLine
}

/** What `PageStore.initial` answers. */
export interface Initial {
  /** Whether state came with the page; `false`: `value` is the zero value. */
  readonly known: boolean
  readonly value: unknown
}

/** What `select` learns from one run of a selector: its result, and which paths it looked at. */
export interface Selected<T> {
  readonly value: T
  readonly reads: readonly Path[]
}
