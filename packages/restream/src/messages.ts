/** An event as it travels. */
export interface EventMessage {
  time: number
  eventName: string
  event: ArrayBufferLike
}

/** An event for one key as it travels. */
export interface KeyedEventMessage extends EventMessage {
  storeName: string
  key: string
}

/** A subscription to an event for one key; `action` 0 starts it, 1 ends it. */
export interface KeyedEventSubscriptionMessage {
  storeName: string
  eventName: string
  action: 0 | 1
  key: string
}

/** A call as it travels. */
export interface RPCCallMessage {
  callID: number
  methodName: string
  request: ArrayBufferLike
}

/** A call without an answer as it travels. */
export interface FFRPCCallMessage {
  methodName: string
  request: ArrayBufferLike
}

/** Why a call was not handled at all. */
export interface RPCCallError {
  message: string
  data: Record<string, unknown>
}
