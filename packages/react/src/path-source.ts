import { asOrigin, type PageStore, type Path } from '@rivulet/client'
import { counted } from './counted.ts'
import type { SourceMemory, StoreSource } from './store-source.ts'
import type { Equality } from './store-query.ts'

/** The source of one path of a store. */
export function pathSource(
  memory: SourceMemory,
  store: PageStore<unknown>,
  path: Path,
  equality: Equality,
): StoreSource {
  const source: StoreSource = {
    store,
    query: path,
    equality,
    subscribe(listener) {
      memory.committed = source
      return counted(
        memory,
        asOrigin(store.client, memory.origin, source.get, listener, (heard) => store.subscribe(path, heard)),
      )
    },
    get: () => store.get(path),
    getServer: () => store.initial(path).value,
    reads: () => [path],
    readsOnServer: () => [path],
  }
  return source
}
