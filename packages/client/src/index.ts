export { createClient } from './create-client.ts'
export { forgetOffline } from './page/forget-offline.ts'
export { keepOffline, type OfflineOptions } from './page/keep-offline.ts'
export { createSelection } from './page/create-selection.ts'
export type { PathOf, ValueAt } from './page/path-types.ts'
export { select } from './page/select.ts'
export { shallowEqual } from './page/shallow-equal.ts'
export type {
  CallOptions,
  Client,
  ClientMode,
  ClientOptions,
  DataStream,
  SessionOptions,
  EventInfo,
  PageStore,
  PostToHandler,
  Readable,
  Selected,
  StreamOptions,
} from './page/types.ts'
export type {
  ConnectionState,
  ConnectionStatus,
  Delivery,
  LoginLink,
  OfflineConfig,
  PathStatus,
  PlainError,
} from './protocol.ts'
export type { StreamLease, StreamState, StreamStatus, UnitInfo } from './stream-protocol.ts'
export { zeroAt } from './page/zero-at.ts'
export { isRivuletError, RivuletError } from '@rivulet/wire'
export type {
  EventDef,
  KeyedEventDef,
  Path,
  PathPart,
  RivuletErrorCode,
  RpcDef,
  SendDef,
  StateOf,
  StoreDef,
  StreamDef,
  StreamUnit,
} from '@rivulet/wire'
