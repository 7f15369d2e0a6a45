import type { Client, Path, PathOf, StoreDef } from '@rivulet/client'
import { useDebugValue, useState, useSyncExternalStore } from 'react'
import { useClient } from './context.ts'
import { pathOf } from './path-of.ts'
import { createStatusMemory, statusSource, type StoreStatus } from './status-source.ts'
import { describeQuery } from './store-query.ts'

/**
 * What is known about a store or one of its paths, apart from the value: `{ status, loaded, error }`. Values and status are separate, so
 * the last state stays on screen through a reconnect. Subscribes to no data of its own.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above.
 *
 * @example
 * const { loaded, status } = useStoreStatus(BoardStore)
 * if (!loaded) return <p>Loading…</p>
 */
export function useStoreStatus<S>(def: StoreDef<S>): StoreStatus
export function useStoreStatus<S>(def: StoreDef<S>, path: PathOf<S>): StoreStatus
export function useStoreStatus(def: StoreDef, path?: string | Path): StoreStatus {
  return useStoreStatusOf(useClient(), def, path)
}

const WHOLE: Path = []

/** {@link useStoreStatus} with the client in hand. */
export function useStoreStatusOf(client: Client, def: StoreDef, path: string | Path = WHOLE): StoreStatus {
  const [memory] = useState(createStatusMemory)
  const source = statusSource(memory, client.store(def), pathOf(path))
  useDebugValue(path, (shown) => describeQuery(def.name, shown))
  return useSyncExternalStore(source.subscribe, source.get, source.getServer)
}
