import { RivuletError } from '@rivulet/wire'
import type { EventHub } from './event-hub.ts'
import type { Peer } from './peer.ts'
import { readFields } from './read-fields.ts'
import type { RpcHub } from './rpc-hub.ts'
import type { StoreHub } from './store-hub.ts'
import type { StreamHub } from './streams/stream-hub.ts'

/** Deals with one message of a viewer. Throws `RivuletError` when the viewer broke the protocol; the promise is over when the next message may be dealt with. */
export type MessageHandler = (peer: Peer, message: unknown) => void | Promise<void>

const CALL = { callID: 'int', methodName: 'string', request: 'bytes' } as const
const SEND = { methodName: 'string', request: 'bytes' } as const
const STORE = { storeName: 'string', action: 'int', key: 'string' } as const
const KEYED = { storeName: 'string', eventName: 'string', action: 'int', key: 'string' } as const
const STREAM = {
  subscriptionID: 'string',
  storeName: 'string',
  streamName: 'string',
  action: 'int',
  key: 'string',
} as const

/** What a viewer may send (session.md §2), by event name. */
export function viewerMessages(hubs: {
  /** Throws `unknown-store`. */
  readonly hubOf: (store: string) => StoreHub
  readonly rpcs: RpcHub
  readonly events: EventHub
  readonly streams: StreamHub
}): Readonly<Record<string, MessageHandler>> {
  const { hubOf, rpcs, events, streams } = hubs
  return {
    storesub(peer, message) {
      const { storeName, action, key } = readFields(message, STORE)
      const hub = hubOf(storeName)
      return starts(action) ? hub.subscribe(peer, key) : hub.unsubscribe(peer, key)
    },
    rpccall(peer, message) {
      const { callID, methodName, request } = readFields(message, CALL)
      return rpcs.call(peer, callID, methodName, request)
    },
    ffrpc(peer, message) {
      const { methodName, request } = readFields(message, SEND)
      return rpcs.send(peer, methodName, request)
    },
    keyedeventsub(peer, message) {
      const { storeName, eventName, action, key } = readFields(message, KEYED)
      const { minimum } = hubOf(storeName)
      const tuple = { store: storeName, event: eventName, key }
      return starts(action) ? events.listen(peer, tuple, minimum) : events.unlisten(peer, tuple)
    },
    datastreamsub(peer, message) {
      const { subscriptionID, storeName, streamName, action, key } = readFields(message, STREAM)
      return starts(action)
        ? streams.open(peer, { subscriptionID, store: storeName, stream: streamName, key })
        : streams.release(peer, subscriptionID)
    },
  }
}

/** Whether an `action` field asks for a start (0) or a stop (1). */
function starts(action: number): boolean {
  if (action === 0) return true
  if (action === 1) return false
  throw new RivuletError('protocol', `"action" is ${action}, not 0 or 1`)
}
