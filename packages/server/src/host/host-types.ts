import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { HostLogger } from './connection.ts'
import type { EdgeListener } from './edges.ts'
import type { EventEmitter, KeyedEventEmitter } from './event-hub.ts'
import type { HostLimits } from './limits.ts'
import type { TransportOptions } from './open-transport.ts'
import type { HandlerOptions, RpcHandler, SendHandler, UnknownMethod } from './rpc-hub.ts'
import type { SessionOptions } from './sessions/session-options.ts'
import type { Delivery } from './store-hub.ts'
import type { StreamBroker } from './streams/stream-broker.ts'
import type { HostLoad, HostMeter } from './telemetry.ts'
import type { AccessLookup, Viewer } from './viewer.ts'

/** A store that a host can serve: what `createStore` returns. */
export interface ServedStore {
  readonly def: StoreDef
  applyBytes(bytes: unknown): boolean
}

/** Options of {@link createHost}. */
export interface HostOptions extends TransportOptions {
  readonly stores?: readonly ServedStore[]
  /** Level of a viewer; everybody has level 0 without it. */
  readonly access?: AccessLookup
  readonly limits?: Partial<HostLimits>
  /** `keyed` (default): a viewer gets only what lies under its keys. `full`: any key brings the whole store. */
  readonly delivery?: Delivery
  /** Lets viewers come back to what they had after a lost connection (session.md §7). Without it every connection starts anew. */
  readonly sessions?: SessionOptions
  /** Gives out endpoints of high-bandwidth streams. Without it they are refused. */
  readonly streams?: StreamBroker
  /** `disconnect` (default, as Go hosts do) or `error`: the caller gets an error and stays connected. */
  readonly unknownMethod?: UnknownMethod
  /** Gets counters, gauges and the latency of calls: `metrics.getMeter('my-app')` of `@opentelemetry/api`, or anything like it. */
  readonly meter?: HostMeter
  /** Where closed connections are reported; `console` by default, null for silence. */
  readonly logger?: HostLogger | null
  /** Hears of failures in application code that have no caller to tell; the logger by default. */
  readonly onError?: (error: unknown, what: string) => void
}

/** A running host. */
export interface Host {
  /** Resolves with the port once viewers can connect; rejects with `config` when the port is taken. */
  readonly listening: Promise<number>
  /** Who is connected now. */
  readonly viewers: readonly Viewer[]
  /** Answers calls of `def`. Throws `config` when it has a handler already, `schema` when its structs are missing. */
  rpc<A, R>(def: RpcDef<A, R>, handler: RpcHandler<A, R>, options?: HandlerOptions<A>): void
  /** Takes calls without response. Throws as {@link Host.rpc}. */
  onSend<A>(def: SendDef<A>, handler: SendHandler<A>, options?: HandlerOptions<A>): void
  /** An event for everybody who is connected, whatever their level. */
  event<P>(def: EventDef<P>): EventEmitter<P>
  /** Shorthand for `host.event(def).emit(packet)`. */
  emit<P>(def: EventDef<P>, packet: P): void
  /** An event for those who listen to its key. Throws `unknown-store` when its store is not served here. */
  keyedEvent<P>(def: KeyedEventDef<P>): KeyedEventEmitter<P>
  /** Calls `listener` when the first viewer follows a key of the store (`''` = all of it), and when the last one stops. Throws `unknown-store`. */
  onSubscription(def: StoreDef, listener: EdgeListener): () => void
  /** Ends all sessions and disconnects their viewers; none can be made afterwards. */
  closeSessions(): void
  /** How the host is, for a health check. */
  health(): HostHealth
  /**
   * Disconnects everybody and gives back what the host opened. Stores live on. Safe to call twice. With `drainMs`, nobody new is let in and that long is waited, at most,
   * for calls to be answered and for viewers to take what waits for them.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>
}

/** How a host is. */
export interface HostHealth extends HostLoad {
  readonly status: 'starting' | 'ok' | 'draining' | 'closed'
  /** Since the host was created. */
  readonly uptimeMs: number
  /** Payload bytes and messages sent to viewers so far. */
  readonly sentBytes: number
  readonly sentMessages: number
  /** Updates that were merged into one that waited for a slow viewer. */
  readonly conflations: number
  /** Connections that the host closed because of a violation or a limit. */
  readonly dropped: number
}
