export { createDataPlane, type DataPlane, type DataPlaneOptions, type StreamSource } from './data-plane/data-plane.ts'
export type { StreamSink } from './data-plane/stream-pipe.ts'
export {
  createStreamScheduler,
  type Enqueued,
  type SchedulerOptions,
  type StreamScheduler,
  type StreamShare,
} from './data-plane/stream-scheduler.ts'
export type { Draft } from './draft/draft-type.ts'
export type { Annotate, CallContext } from './host/call-scope.ts'
export type { ViewerListener } from './host/arrivals.ts'
export type { EdgeListener } from './host/edges.ts'
export type { EventEmitter, KeyedEventEmitter } from './host/event-hub.ts'
export { createHealthChecks, type HealthCheckPaths } from './host/health-checks.ts'
export type { HostLogger, HostLogLevel, HostLogRecord } from './host/host-log.ts'
export { createHost } from './host/host.ts'
export type { Host, HostHealth, HostOptions, ServedStore } from './host/host-types.ts'
export type { HostLimits } from './host/limits.ts'
export type { TransportOptions } from './host/open-transport.ts'
export type { UnknownMethod } from './host/rpc-hub.ts'
export type { HandlerOptions, RpcHandler, SendHandler } from './host/rpc-method.ts'
export type { SessionEnd, SessionEvent, SessionIdentity, SessionOptions } from './host/sessions/session-options.ts'
export type { Delivery } from './host/store-hub.ts'
export { dataPlaneID } from './host/streams/data-plane-id.ts'
export type { StreamBroker, StreamLease, StreamOpening } from './host/streams/stream-broker.ts'
export type { CallOutcome, HostLoad, HostMeter, HostTotals } from './host/telemetry.ts'
export type { AccessLookup, Viewer } from './host/viewer.ts'
export { createStore, type Store, type StoreChange, type StoreOptions } from './store.ts'
