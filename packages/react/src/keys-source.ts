import {
  asOrigin,
  storeKeys,
  type KeysOptions,
  type KeysSnapshot,
  type PageStore,
  type Path,
  type PathPart,
  type StoreKeys,
} from '@rivulet/client'
import { samePath } from './same-path.ts'
import { countMemory, type OriginMemory } from './use-origin.ts'

/** The keys of one place, for one component. Its functions keep their identity. */
export interface KeysSource {
  readonly store: PageStore<unknown>
  readonly path: Path
  readonly change: (options: KeysOptions) => void
  readonly subscribe: (listener: () => void) => () => void
  readonly keys: () => readonly PathPart[]
  readonly total: () => number
  readonly snapshot: () => KeysSnapshot<PathPart>
}

/** What one component keeps from render to render: the source that React has subscribed to last, if any. */
export interface KeysMemory extends OriginMemory {
  committed: KeysSource | null
}

/** A fresh {@link KeysMemory}, for `useState`. */
export function createKeysMemory(): KeysMemory {
  return { serial: countMemory(), committed: null }
}

/**
 * The source of the keys at `path`: the one that the component is subscribed to when it is of the same place, whatever the options, else a fresh one. Other options are given to it after the commit (`change`), so that
 * what is shown stays until the new keys are there.
 *
 * Only subscribing writes to the memory, so a render that React throws away leaves no trace.
 */
export function keysSource(
  memory: KeysMemory,
  store: PageStore<unknown>,
  path: Path,
  options: KeysOptions,
): KeysSource {
  const known = memory.committed
  if (known !== null && known.store === store && samePath(known.path, path)) return known
  const keys: StoreKeys<PathPart> = storeKeys(store, path, options)
  const source: KeysSource = {
    store,
    path,
    change: (next) => keys.change(next),
    subscribe(listener) {
      memory.committed = source
      return asOrigin(store.client, memory.origin, source.snapshot, listener, (heard) => keys.subscribe(heard))
    },
    keys: () => keys.get().keys,
    total: () => keys.get().total,
    snapshot: () => keys.get(),
  }
  return source
}
