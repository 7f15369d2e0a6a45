import type {
  EventDef,
  KeyedEventDef,
  Path,
  RivuletErrorCode,
  RpcDef,
  SendDef,
  StoreDef,
  StreamDef,
} from '@rivulet/wire'
import type { ListQuery } from './list-query.ts'
import type { StreamConfig } from './stream-protocol.ts'

/**
 * Everything that passes between the page and the engine, in one place. The engine does not know whether it runs in a worker or on the page.
 *
 * Control plane (low rate): {@link EngineControl}, called through comlink. Data plane (high rate): {@link PageMessage} and {@link EngineMessage} on a MessagePort;
 * a patch is one transferred ArrayBuffer (grammar: patch.ts).
 */

/** Both sides must agree: a page never talks to a worker of another build. */
export const PROTOCOL_VERSION = 4

/** What a worker says once its code runs; the page starts nothing before it has heard it. */
export interface WorkerReady {
  readonly rivulet: 'ready'
  readonly version: number
  /** A Web Lock that the worker holds as long as it lives, where pages have no other way to notice its end. */
  readonly lock?: string
}

/** An error as it crosses threads: comlink would keep neither class nor code. */
export interface PlainError {
  readonly code: RivuletErrorCode
  readonly what: string
  readonly store?: string
  readonly path?: Path
  readonly offset?: number
  readonly hint?: string
}

/** How precisely the page's paths become subscription keys (see `deliveryKeys`). */
export type Delivery = 'safe' | 'exact' | 'field' | 'store'

/** How viewer sessions are used. */
export interface SessionConfig {
  readonly attachTimeoutMs: number
  /** Believe a host that does not say what was lost. */
  readonly trustResume: boolean
}

/** What is kept for the next visit; made by `keepOffline`. Plain data. */
export interface OfflineConfig {
  /** Names of the stores. */
  readonly stores: readonly string[]
  /** Whose data it is. */
  readonly scope: string
  /** Largest state of one store that is kept, in wire bytes. */
  readonly maxBytes: number
  readonly maxAgeMs: number
  /** A store is saved at most this often. */
  readonly saveEveryMs: number
}

/** Options of the engine, plain data. Times in milliseconds. */
export interface EngineConfig {
  readonly url: string
  /** Path of the Socket.IO endpoint, as in socket.io's `path` option. */
  readonly path: string
  readonly transports: readonly ('websocket' | 'polling')[]
  /** The page has an `auth` source or an `authenticate` hook that must run on every connect. */
  readonly hasAuth: boolean
  readonly hasAuthenticate: boolean
  /** How long either may take. */
  readonly authenticateTimeoutMs: number
  readonly delivery: Delivery
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
  readonly callTimeoutMs: number
  /** How long a path that nobody reads any more stays subscribed. */
  readonly graceMs: number
  /** RPCs beyond this many wait in a queue instead of killing the connection. */
  readonly maxCallsInFlight: number
  readonly maxCallsQueued: number
  /** Absent: every connection starts from nothing. */
  readonly sessions?: SessionConfig
  /** Absent: nothing is kept. */
  readonly offline?: OfflineConfig
  /** How much is kept for devtools of what has passed (feed-protocol.ts), bytes. Absent or 0: nothing. */
  readonly ringBytes?: number
}

/** What the page does for the engine; passed as a comlink proxy because functions cannot be posted. */
export interface PageHooks {
  /** The Socket.IO `auth` payload for this connection attempt. */
  auth(): Promise<Record<string, unknown>>
  /** The app's login, run after connecting and before subscriptions go out. Resolves to an error when it failed. */
  authenticate(link: LoginLink): Promise<PlainError | null>
}

/** What a login may do on the fresh connection. */
export interface LoginLink {
  emit(event: string, ...args: readonly unknown[]): Promise<void>
  /** The arguments of the next `event`; rejects when the connection ends first. */
  once(event: string): Promise<readonly unknown[]>
}

/** The connection as the page sees it. */
export type ConnectionState = 'connecting' | 'authenticating' | 'connected' | 'disconnected' | 'disposed'

/** The state of a connection, since when, and what is known about it. */
export interface ConnectionStatus {
  readonly state: ConnectionState
  /** When it changed, Unix milliseconds. */
  readonly since: number
  /** Connection attempts since it was last connected. */
  readonly attempt: number
  /** Server clock minus local clock, milliseconds, from the last store update or event; null before the first. */
  readonly clockOffset: number | null
  /** While connected with viewer sessions: whether an earlier session goes on or a new one began. */
  readonly session?: 'fresh' | 'resumed'
  /** Why the connection is down, when it is. */
  readonly error?: PlainError
}

/** State of one subscribed path. */
export type PathStatus = 'idle' | 'loading' | 'live' | 'stale' | 'error'

/** A path the page reads. Ids are chosen by the page, per client, and never used twice. */
export interface Watch {
  readonly id: number
  readonly store: number
  readonly path: Path
  /** Wanted is not the value but what the engine works out about this map, list or set. */
  readonly query?: ListQuery
  /** The page has something to show already: only what the host says now can be newer, nothing that was kept. */
  readonly shown?: true
}

/** Result of an RPC: the response's bytes travel undecoded, the page decodes them. */
export type CallResult =
  | { readonly ok: true; readonly bytes: ArrayBuffer }
  | { readonly ok: false; readonly error: PlainError }

/** The control plane. Every method is safe in any order after `start`; none throws across the thread: failures are values. */
export interface EngineControl {
  /** Once, first. Opens nothing: `connect` does. `lock` names the Web Lock that the page holds as long as it lives, where that is the only way to notice its end. */
  start(config: EngineConfig, port: MessagePort, hooks: PageHooks, lock?: string): Promise<void>
  /** Makes a store known under a number. */
  define(store: number, def: StoreDef): Promise<void>
  watch(watches: readonly Watch[]): Promise<void>
  unwatch(ids: readonly number[]): Promise<void>
  call(id: number, rpc: RpcDef, args: unknown, timeoutMs: number): Promise<CallResult>
  cancel(id: number): Promise<void>
  send(def: SendDef, args: unknown): Promise<PlainError | null>
  /** Starts delivery of an event to the page under `listener`. */
  listen(listener: number, def: EventDef | KeyedEventDef, key?: string): Promise<PlainError | null>
  unlisten(listener: number): Promise<void>
  /** Opens a data stream; all else about it goes over `port` (stream-protocol.ts). */
  openStream(def: StreamDef, key: string, port: MessagePort, config: StreamConfig): Promise<void>
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** From now on pages of other tabs find this engine on the BroadcastChannel of this name (bridge/tabs). */
  serve(channel: string): Promise<void>
  /** The page may end at any moment: what is kept for offline use is saved now. */
  saveOffline(): Promise<void>
  /** Tells whoever is at the other end of `port` what passes through the engine (feed-protocol.ts), until it says goodbye or the page leaves. An engine that is not running closes the port. */
  inspect(port: MessagePort): Promise<void>
  dispose(): Promise<void>
}

/** Page → engine on the data port. The page grants a credit at most once per animation frame (decision 3 of design.md), and each allows one patch, or as many as keep the page in step with its frames while credits lie about in the engine's queue (outbox.ts). */
export interface PageMessage {
  readonly type: 'credit'
  /** Patches that the page has got so far. Absent: all of them. */
  readonly patches?: number
  /** When it was granted, Unix milliseconds. Absent: now. */
  readonly at?: number
}

/** Engine → page on the data port. */
export type EngineMessage =
  | { readonly type: 'patch'; readonly buffer: ArrayBuffer }
  | { readonly type: 'event'; readonly listener: number; readonly time: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'connection'; readonly status: ConnectionStatus }
  | { readonly type: 'error'; readonly error: PlainError }
  /** This engine cannot serve the page, another one can. */
  | { readonly type: 'refused'; readonly error: PlainError }
