import { shallowEqual, type Client, type PathOf, type StoreDef, type ValueAt } from '@rivulet/client'
import { useDebugValue, useState, useSyncExternalStore } from 'react'
import { useClient } from './context.ts'
import { describeQuery, type Equality, type StoreQuery } from './store-query.ts'
import { createSourceMemory, storeSource } from './store-source.ts'
import { useOrigin } from './use-origin.ts'

/**
 * Reads a store and renders again when what was read changes. Only that is subscribed, down to the server.
 *
 * - `useStore(Def, path)`: the value at a path, given as a top-level field name or a tuple of fields, map keys and list indices.
 * - `useStore(Def, selector, equality?)`: what the selector returns; the paths that it reads are what is subscribed, and they may
 *   differ from run to run. It may build fresh objects: results that are equal (`shallowEqual` by default) count as the same. Do not use
 *   the state after the selector has returned, and do not change it.
 * - `useStore(Def)`: the whole state.
 *
 * Values are immutable and keep their identity while they do not change. Until the first data, and while React hydrates, a path reads
 * as its zero value; see `useStoreStatus` for what is known about it. An error thrown by a selector reaches the nearest error boundary.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above; `path` when the path does not fit the store.
 *
 * @example
 * const xTurn = useStore(BoardStore, 'xTurn')
 * const name = useStore(FleetStore, ['boats', id, 'name'])
 * const { free, taken } = useStore(BoardStore, (s) => ({ free: count(s, ''), taken: 9 - count(s, '') }))
 */
export function useStore<S>(def: StoreDef<S>): S
export function useStore<S, const P extends PathOf<S>>(def: StoreDef<S>, path: P): ValueAt<S, P>
export function useStore<S, T>(def: StoreDef<S>, selector: (state: S) => T, equality?: (a: T, b: T) => boolean): T
export function useStore(def: StoreDef, query?: StoreQuery, equality?: Equality): unknown {
  return useStoreOf(useClient(), def, query, equality)
}

const WHOLE: StoreQuery = []

/** {@link useStore} with the client in hand. */
export function useStoreOf(
  client: Client,
  def: StoreDef,
  query: StoreQuery = WHOLE,
  equality: Equality = shallowEqual,
): unknown {
  const store = client.store(def)
  const [memory] = useState(createSourceMemory)
  useOrigin(client, memory, 'useStore')
  const source = storeSource(memory, store, query, equality)
  useDebugValue(query, (shown) => describeQuery(def.name, shown))
  return useSyncExternalStore(source.subscribe, source.get, source.getServer)
}
