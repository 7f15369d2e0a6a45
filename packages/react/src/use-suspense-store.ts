import { shallowEqual, type Client, type PathOf, type StoreDef, type ValueAt } from '@rivulet/client'
import { useDebugValue, useState, useSyncExternalStore } from 'react'
import { awaitData } from './await-data.ts'
import { useClient } from './context.ts'
import { describeQuery, type Equality, type StoreQuery } from './store-query.ts'
import { createSourceMemory, storeSource } from './store-source.ts'
import { useOrigin } from './use-origin.ts'

/**
 * `useStore` that suspends until the first data: the component only ever renders with values that have arrived. Takes the same arguments.
 *
 * It suspends before the first data of a path, and never for what happens later: while the connection is away, while the state is loaded again, and after an error, the last values stay on screen. Another path
 * may suspend; change it in a transition to keep the old one on screen meanwhile. A selector suspends for what it reads first; paths that it comes to read later read as zero values until they are there.
 *
 * Rendering requests the data and holds nothing: when React throws the render away, the request ends by itself within seconds. On a server it waits for the data (`prefetch`), which `dehydrate` writes into the page.
 *
 * @throws RivuletError to the nearest error boundary: the error of a path that has never had data (`denied`, `unknown-store` …), `disposed` when none can come, `config` when there is no `RivuletProvider`
 *   above, `path` when the path does not fit the store.
 *
 * @example
 * const board = useSuspenseStore(BoardStore, 'board')
 * <Suspense fallback={<p>Loading…</p>}><Board /></Suspense>
 */
export function useSuspenseStore<S>(def: StoreDef<S>): S
export function useSuspenseStore<S, const P extends PathOf<S>>(def: StoreDef<S>, path: P): ValueAt<S, P>
export function useSuspenseStore<S, T>(
  def: StoreDef<S>,
  selector: (state: S) => T,
  equality?: (a: T, b: T) => boolean,
): T
export function useSuspenseStore(def: StoreDef, query?: StoreQuery, equality?: Equality): unknown {
  return useSuspenseStoreOf(useClient(), def, query, equality)
}

const WHOLE: StoreQuery = []

/** {@link useSuspenseStore} with the client in hand. */
export function useSuspenseStoreOf(
  client: Client,
  def: StoreDef,
  query: StoreQuery = WHOLE,
  equality: Equality = shallowEqual,
): unknown {
  const store = client.store(def)
  const [memory] = useState(createSourceMemory)
  useOrigin(client, memory, 'useSuspenseStore')
  const source = storeSource(memory, store, query, equality)
  useDebugValue(query, (shown) => describeQuery(def.name, shown))
  awaitData(memory, source)
  return useSyncExternalStore(source.subscribe, source.get, source.getServer)
}
