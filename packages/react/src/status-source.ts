import type { PageStore, Path, PathStatus, RivuletError } from '@rivulet/client'
import { samePath } from './same-path.ts'
import type { Source } from './source.ts'

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

interface StatusSource extends Source<StoreStatus> {
  readonly store: PageStore<unknown>
  readonly path: Path
}

/** What one component keeps from render to render: the source that React has subscribed to last, if any. */
export interface StatusMemory {
  committed: StatusSource | null
}

/** A fresh {@link StatusMemory}, for `useState`. */
export function createStatusMemory(): StatusMemory {
  return { committed: null }
}

/** The source of a path's status: the one that the component is subscribed to when it is of the same path, else a fresh one. */
export function statusSource(memory: StatusMemory, store: PageStore<unknown>, path: Path): Source<StoreStatus> {
  const known = memory.committed
  if (known !== null && known.store === store && samePath(known.path, path)) return known
  let shown = SERVER
  const source: StatusSource = {
    store,
    path,
    subscribe(listener) {
      memory.committed = source
      return store.subscribeStatus(path, listener)
    },
    get() {
      const status = store.status(path)
      const loaded = store.loaded(path)
      const error = store.statusError(path)
      if (shown.status !== status || shown.loaded !== loaded || shown.error !== error) shown = { status, loaded, error }
      return shown
    },
    getServer: () => SERVER,
  }
  return source
}
