import { asOrigin, createSelection, type PageStore, type Path, type Selection } from '@rivulet/client'
import type { Equality } from './store-query.ts'
import { counted } from './counted.ts'
import type { Held, SourceMemory, StoreSource } from './store-source.ts'

/**
 * The source of one tracked selection.
 *
 * An inline selector is another function in every render and may build another object each time. Two things keep that from looping or from
 * waking memoized children: `createSelection` caches its result while nothing that was read has changed, and a result that equals the one
 * which the component shows already is replaced by that one.
 */
export function selectionSource(
  memory: SourceMemory,
  store: PageStore<unknown>,
  selector: (state: unknown) => unknown,
  equality: Equality,
): StoreSource {
  const selection = createSelection(store, selector, equality)
  let raw: unknown
  let shown: Held | null = null
  let server: Selection<unknown> | null = null

  // Only of the same store: `equality` is written for what its selectors return.
  const committed = (): Held | null => (memory.committed?.store === store ? (memory.committed.last?.() ?? null) : null)

  const onServer = (): Selection<unknown> => (server ??= createSelection(initialStore(store), selector, equality))

  const source: StoreSource = {
    store,
    query: selector,
    equality,
    subscribe(listener) {
      memory.committed = source
      return counted(
        memory,
        asOrigin(store.client, memory.origin, source.get, listener, (heard) => selection.subscribe(heard)),
      )
    },
    get() {
      const next = selection.get()
      if (shown !== null && Object.is(next, raw)) return shown.value
      const before = shown ?? committed()
      raw = next
      shown = before !== null && equality(before.value, next) ? before : { value: next }
      return shown.value
    },
    getServer: () => onServer().get(),
    reads: () => selection.reads(),
    readsOnServer: () => onServer().reads(),
    last: () => shown,
  }
  return source
}

/** The store as a server has it, and a page that hydrates: a selector sees the same on both. */
function initialStore(store: PageStore<unknown>): PageStore<unknown> {
  return {
    ...store,
    get: (path: string | Path = []) => store.initial(path).value,
    version: (path: string | Path) => (store.initial(path).known ? 1 : 0),
  }
}
