import { createSelection, select, zeroAt, type PageStore, type Path } from '@rivulet/client'
import { pathOf } from './path-of.ts'
import type { Equality } from './store-query.ts'
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
  let server: Held | null = null

  // Only of the same store: `equality` is written for what its selectors return.
  const committed = (): Held | null => (memory.committed?.store === store ? (memory.committed.last?.() ?? null) : null)

  const source: StoreSource = {
    store,
    query: selector,
    equality,
    subscribe(listener) {
      memory.committed = source
      return selection.subscribe(listener)
    },
    get() {
      const next = selection.get()
      if (shown !== null && Object.is(next, raw)) return shown.value
      const before = shown ?? committed()
      raw = next
      shown = before !== null && equality(before.value, next) ? before : { value: next }
      return shown.value
    },
    getServer() {
      server ??= { value: select(zeroStore(store), selector).value }
      return server.value
    },
    last: () => shown,
  }
  return source
}

/** The store as it was before any data: a selector sees on the server what it sees on a page that is still loading. */
function zeroStore(store: PageStore<unknown>): PageStore<unknown> {
  return { ...store, get: (path: string | Path = []) => zeroAt(store.def, pathOf(path)), version: () => 0 }
}
