export { createClient } from './create-client.ts'
export type {
  Condition,
  KeyAt,
  KeysOptions,
  KeysSnapshot,
  ListPath,
  RowAt,
  RowField,
  SizeOptions,
  StoreDiff,
  StoreKeys,
} from './page/list-types.ts'
export { asOrigin } from './page/as-origin.ts'
export { askInitial } from './page/ask-initial.ts'
export { createKeys, type KeyOf } from './page/create-keys.ts'
export { createSelection, type Selection } from './page/create-selection.ts'
export { forgetOffline } from './page/forget-offline.ts'
export { keepOffline, type OfflineOptions } from './page/keep-offline.ts'
export { requests } from './page/page-requests.ts'
export type { Requests } from './page/requests.ts'
export type { PathOf, ValueAt } from './page/path-types.ts'
export { observationOf, type Observation, type Origin } from './page/observation.ts'
export { preload, type PreloadOptions } from './page/preload.ts'
export { select } from './page/select.ts'
export { storeDiff } from './page/store-diff.ts'
export { storeKeys, storeSize } from './page/store-keys.ts'
export { shallowEqual } from './page/shallow-equal.ts'
export type {
  CallOptions,
  Client,
  ClientMode,
  ClientOptions,
  DataStream,
  SessionOptions,
  EventInfo,
  Initial,
  PageStore,
  PostToHandler,
  Readable,
  Selected,
  StreamOptions,
} from './page/types.ts'
export type { Collation, ConditionOp, Scalar } from './list-query.ts'
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
