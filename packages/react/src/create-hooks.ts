import type {
  CallOptions,
  Client,
  EventDef,
  KeyedEventDef,
  Path,
  RpcDef,
  SendDef,
  StoreDef,
  StreamDef,
  StreamOptions,
  StreamStatus,
} from '@rivulet/client'
import type { StoreStatus } from './status-source.ts'
import type { Equality, StoreQuery } from './store-query.ts'
import { useConnectionOf, type useConnection } from './use-connection.ts'
import { type useDataStream, useDataStreamOf } from './use-data-stream.ts'
import { useEventOf, type EventListener, type useEvent } from './use-event.ts'
import { useRpcOf, type RpcFunction, type useRpc } from './use-rpc.ts'
import { useSendOf, type SendFunction, type useSend } from './use-send.ts'
import { useStoreStatusOf, type useStoreStatus } from './use-store-status.ts'
import { useStoreOf, type useStore } from './use-store.ts'
import { useSuspenseStoreOf, type useSuspenseStore } from './use-suspense-store.ts'

/** The hooks of one client; see the hooks of the same names. */
export interface Hooks {
  readonly useStore: typeof useStore
  readonly useSuspenseStore: typeof useSuspenseStore
  readonly useStoreStatus: typeof useStoreStatus
  readonly useRpc: typeof useRpc
  readonly useSend: typeof useSend
  readonly useEvent: typeof useEvent
  readonly useDataStream: typeof useDataStream
  readonly useConnection: typeof useConnection
}

/**
 * The hooks, bound to one client: they need no provider and read no context, which also carries them into other React renderers. Call it
 * once, at module level.
 *
 * On a page with thousands of subscribed rows these are also the faster ones: React copies and checks every component's contexts whenever a sibling of it renders.
 *
 * @example
 * export const { useStore, useRpc } = createHooks(createClient({ url: location.origin }))
 */
export function createHooks(client: Client): Hooks {
  return {
    useStore: (def: StoreDef, query?: StoreQuery, equality?: Equality): never =>
      useStoreOf(client, def, query, equality) as never,
    useSuspenseStore: (def: StoreDef, query?: StoreQuery, equality?: Equality): never =>
      useSuspenseStoreOf(client, def, query, equality) as never,
    useStoreStatus: (def: StoreDef, path?: string | Path): StoreStatus => useStoreStatusOf(client, def, path),
    useRpc: <Args, Result>(
      rpc: RpcDef<Args, Result>,
      options?: CallOptions<NoInfer<Args>>,
    ): RpcFunction<Args, Result> => useRpcOf(client, rpc, options),
    useSend: <Args>(def: SendDef<Args>): SendFunction<Args> => useSendOf(client, def),
    useEvent: (
      event: EventDef | KeyedEventDef,
      keyOrListener: string | EventListener<unknown>,
      listener?: EventListener<unknown>,
    ): void => useEventOf(client, event, keyOrListener, listener),
    useDataStream: (def: StreamDef, key: string | null, options?: StreamOptions): StreamStatus =>
      useDataStreamOf(client, def, key, options),
    useConnection: (): ReturnType<typeof useConnection> => useConnectionOf(client),
  }
}
