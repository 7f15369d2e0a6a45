// What a module that runs under the `react-server` condition gets for `@rivulet/react`: no hook, no context, nothing that React lacks there.
export {
  createRequestClient,
  dehydrate,
  hydrate,
  prefetch,
  seed,
  type DehydrateOptions,
  type PrefetchOptions,
} from '@rivulet/client/ssr'
export type { EventListener } from './use-event.ts'
export type { Hooks } from './create-hooks.ts'
export type { RpcFunction } from './use-rpc.ts'
export type { SendFunction } from './use-send.ts'
export type { StoreStatus } from './status-source.ts'
