import { asOrigin, type PathOf, shallowEqual, type StoreDef, type ValueAt, zeroAt } from '@rivulet/client'
import type { Ref } from 'vue'
import { useClient } from './client.ts'
import { pathOf, type PathQuery } from './path-of.ts'
import { useOrigin } from './use-origin.ts'
import { type Equality, type Selector, useSelection } from './use-selection.ts'
import { useSource } from './use-source.ts'

/**
 * Reads a store as a ref that changes when what was read changes. Only that is subscribed, down to the server, while the component is mounted and not put away by KeepAlive.
 *
 * - `useStore(Def, path)`: the value at a path, given as a top-level field name, a tuple of fields, map keys and list indices, or a ref of one.
 * - `useStore(Def, selector, equality?)`: what the selector returns. The paths and the reactive values (props, refs) that it reads are what it is run again for. It may build fresh objects: results that are equal
 *   (`shallowEqual` by default) count as the same.
 * - `useStore(Def)`: the whole state.
 *
 * Values are immutable and keep their identity while they do not change. Until the first data, on a server, and while Vue hydrates, a path reads as its zero value.
 *
 * Throws `RivuletError` `config` where there is no client; reading the ref throws `path` when the path does not fit the store, and what the selector throws.
 *
 * @example
 * const xTurn = useStore(BoardStore, 'xTurn')
 * const name = useStore(FleetStore, computed(() => ['boats', props.id, 'name'] as const))
 * const free = useStore(BoardStore, (s) => count(s, props.token))
 */
export function useStore<S>(def: StoreDef<S>): Readonly<Ref<S>>
export function useStore<S, const P extends PathOf<S>>(def: StoreDef<S>, path: P): Readonly<Ref<ValueAt<S, P>>>
export function useStore<S, P extends PathOf<S>>(def: StoreDef<S>, path: Ref<P>): Readonly<Ref<ValueAt<S, P>>>
export function useStore<S, T>(
  def: StoreDef<S>,
  selector: (state: S) => T,
  equality?: (a: T, b: T) => boolean,
): Readonly<Ref<T>>
export function useStore(
  def: StoreDef,
  query: PathQuery | Selector = [],
  equality: Equality = shallowEqual,
): Readonly<Ref<unknown>> {
  const client = useClient()
  const store = client.store(def)
  const origin = useOrigin(client, 'useStore')
  if (typeof query === 'function') return useSelection(store, query, equality, origin)
  return useSource(() => {
    const path = pathOf(query)
    const get = (): unknown => store.get(path)
    return {
      subscribe: (listener) => asOrigin(client, origin, get, listener, (heard) => store.subscribe(path, heard)),
      get,
      getServer: () => zeroAt(def, path),
    }
  })
}
