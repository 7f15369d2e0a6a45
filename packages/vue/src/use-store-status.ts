import type { PathOf, PathStatus, RivuletError, StoreDef } from '@rivulet/client'
import type { Ref } from 'vue'
import { useClient } from './client.ts'
import { pathOf, type PathQuery } from './path-of.ts'
import { useSource } from './use-source.ts'

/** What is known about a path, apart from its value. */
export interface StoreStatus {
  /** `idle`: nobody reads it; `loading`: no data yet; `live`: it follows the server; `stale`: the last value, while the connection is away; `error`. */
  readonly status: PathStatus
  /** Whether data has ever arrived. Once true it stays true, so a reconnect never brings a loading screen back. */
  readonly loaded: boolean
  /** Why, when `status` is `error`. */
  readonly error: RivuletError | undefined
}

const SERVER: StoreStatus = Object.freeze({ status: 'loading', loaded: false, error: undefined })

/**
 * What is known about a store or one of its paths, apart from the value. Subscribes to no data of its own.
 *
 * Throws `RivuletError` `config` where there is no client.
 *
 * @example
 * const board = useStoreStatus(BoardStore, 'cells')
 * // <p v-if="!board.loaded">Loading…</p>
 */
export function useStoreStatus<S>(def: StoreDef<S>, path?: PathOf<S> | Ref<PathOf<S>>): Readonly<Ref<StoreStatus>>
export function useStoreStatus(def: StoreDef, query: PathQuery = []): Readonly<Ref<StoreStatus>> {
  const store = useClient().store(def)
  let shown = SERVER
  return useSource(() => {
    const path = pathOf(query)
    return {
      subscribe: (listener) => store.subscribeStatus(path, listener),
      get() {
        const status = store.status(path)
        const loaded = store.loaded(path)
        const error = store.statusError(path)
        if (shown.status !== status || shown.loaded !== loaded || shown.error !== error)
          shown = { status, loaded, error }
        return shown
      },
      getServer: () => SERVER,
    }
  })
}
