import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef } from '@rivulet/wire'
import type { ViewerListener } from './arrivals.ts'
import type { Annotate } from './call-scope.ts'
import type { EdgeListener } from './edges.ts'
import type { EventEmitter, KeyedEventEmitter } from './event-hub.ts'
import type { HostLogger, HostLogRecord } from './host-log.ts'
import type { HostLimits } from './limits.ts'
import type { TransportOptions } from './open-transport.ts'
import type { UnknownMethod } from './rpc-hub.ts'
import type { HandlerOptions, RpcHandler, SendHandler } from './rpc-method.ts'
import type { SessionOptions } from './sessions/session-options.ts'
import type { Delivery } from './store-hub.ts'
import type { StreamBroker } from './streams/stream-broker.ts'
import type { HostLoad, HostMeter, HostTotals } from './telemetry.ts'
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
  /** How long an asynchronous lookup (`access`, `sessions.identify`) may take, milliseconds; then it counts as failed. 10 000 by default. */
  readonly accessTimeoutMs?: number
  readonly limits?: Partial<HostLimits>
  /** `keyed` (default): a viewer gets only what lies under its keys. `full`: any key brings the whole store. */
  readonly delivery?: Delivery
  /** Lets viewers come back to what they had after a lost connection (session.md §7). Without it every connection starts anew. */
  readonly sessions?: SessionOptions
  /** Gives out endpoints of high-bandwidth streams. Without it they are refused. */
  readonly streams?: StreamBroker
  /** `disconnect` (default, as Go hosts do) or `error`: the caller gets an error and stays connected. */
  readonly unknownMethod?: UnknownMethod
  /** How long a handler may take, milliseconds, unless its own options say otherwise; 0 (default) = as long as it likes. */
  readonly handlerTimeoutMs?: number
  /** Facts about a call that its handler finds in `context.annotations`. Called for every call; throwing refuses it. */
  readonly annotations?: Annotate
  /** Gets counters, gauges and the latency of calls: `metrics.getMeter('my-app')` of `@opentelemetry/api`, or anything like it. */
  readonly meter?: HostMeter
  /** Where closed connections are reported as text; `console` by default, null for silence. What it throws is ignored. */
  readonly logger?: HostLogger | null
  /** Gets everything that happens as data, `debug` included; for pino, OpenTelemetry logs or the like. What it throws is ignored. */
  readonly log?: (record: HostLogRecord) => void
  /** Lets a host with a `port` of its own answer `/livez` and `/readyz`; see `createHealthChecks`. */
  readonly healthChecks?: boolean
  /** Hears of failures in application code that have no caller to tell; the logger by default. */
  readonly onError?: (error: unknown, what: string) => void
}

/** A running host. */
export interface Host {
  /** Resolves with the port once viewers can connect; rejects with `config` when the port is taken. */
  readonly listening: Promise<number>
  /** Who is connected now. */
  readonly viewers: readonly Viewer[]
  /**
   * Calls `listener` with every viewer that is connected, now and later; the function that it returns is called when that viewer has gone, and when you stop listening. One call per connection: with sessions, a page that
   * comes back is another viewer (`sessions.onLifecycle` hears of the session as a whole). Returns what ends it. Errors go to `onError`.
   *
   * @example
   * host.onViewer(({ id, auth }) => {
   *   lobby.update((draft) => void draft.players?.set(id, { name: String(auth['name']) }))
   *   return () => lobby.update((draft) => void draft.players?.delete(id))
   * })
   */
  onViewer(listener: ViewerListener): () => void
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
   * Disconnects everybody and gives back what the host opened. Stores live on. Safe to call twice. With `drainMs`, nobody new is let in, new calls are refused, and that long is waited, at most,
   * for calls to be answered and for viewers to take what waits for them.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>
}

/** How a host is. */
export interface HostHealth extends HostLoad, HostTotals {
  /** `starting` until viewers can connect, `draining` from `close()` on: nobody new is let in and no call is begun. */
  readonly status: 'starting' | 'ok' | 'draining' | 'closed'
  /** Since the host was created. */
  readonly uptimeMs: number
}
