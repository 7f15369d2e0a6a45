import type { FeedStore } from '@rivulet/client/inspect'
import type { ConnectionStatus } from '@rivulet/client'

/** How a store stands at the engine. */
export type StoreStatus = 'idle' | 'loading' | 'live' | 'stale' | 'blocked' | 'resync'

/**
 * One word for a store: `idle` nobody follows it · `loading` some key has no state yet · `live` · `stale` its state is from before the connection went · `blocked` nothing is asked of the host · `resync` its state
 * was given up and is asked for again.
 *
 * @example
 * storeStatus(store, model.hello?.status.state)
 */
export function storeStatus(store: FeedStore, connection: ConnectionStatus['state'] | undefined): StoreStatus {
  if (store.held !== undefined) return store.held
  if (store.keys.length === 0) return 'idle'
  if (connection !== 'connected') return store.seq > 0 ? 'stale' : 'loading'
  return store.keys.every(({ live }) => live) ? 'live' : 'loading'
}

/** The colour of a status. */
export const STATUS_CLASS: Readonly<Record<StoreStatus, string>> = {
  idle: 'dim',
  loading: 'warn',
  live: 'good',
  stale: 'warn',
  blocked: 'bad',
  resync: 'bad',
}
