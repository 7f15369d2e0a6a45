import { type Path, RivuletError, stateNode } from '@rivulet/wire'
import { rootDraft } from './optimistic-draft.ts'
import type { DraftScope } from './optimistic-place.ts'
import { sameWrite, startsWith, type Write, written } from './optimistic-writes.ts'
import type { StoreCore } from './page-store.ts'
import { typeAt } from './schema-walk.ts'

/** Changes, store by store. */
export type Writes = ReadonlyMap<StoreCore, readonly Write[]>

/** Changes the drafts of some stores. Whatever it returns, it has to be done then. */
export type Recipe = (drafts: readonly unknown[]) => unknown

/** No changes. */
export const NO_WRITES: Writes = new Map()

/**
 * What `recipe` changes in `stores`, over the server's state and the changes in `over`. Nothing when it asked for something that is not loaded.
 *
 * Throws what the recipe throws, and `handler` for one that is not done when it returns.
 */
export function runRecipe(stores: readonly StoreCore[], recipe: Recipe, over: Writes): Writes {
  const scopes = stores.map((store) => scopeOf(store, over.get(store) ?? []))
  try {
    const result = recipe(scopes.map((scope, i) => rootDraft(scope, stateNode((stores[i] as StoreCore).def))))
    if (result instanceof Promise) throw unfinished(stores, result)
  } catch (error) {
    // Its own error, whatever the recipe has made of it, follows from what is not there.
    if (scopes.every(({ missing }) => missing === null)) throw error
  } finally {
    for (const scope of scopes) scope.closed = true
  }
  if (scopes.some(({ missing }) => missing !== null)) return NO_WRITES
  return new Map(scopes.map(({ writes }, i) => [stores[i] as StoreCore, writes]))
}

/** `after`, with the very objects of `before` for what says the same: whoever shows them sees that nothing has changed. */
export function keepSame(before: Writes, after: Writes): Writes {
  return new Map(
    [...after].map(([store, writes]) => {
      const old = before.get(store)
      const kept = writes.map((write, i) => {
        const was = old?.[i]
        return was !== undefined && sameWrite(store.def.types, was, write) ? was : write
      })
      return [store, kept]
    }),
  )
}

function scopeOf(store: StoreCore, over: readonly Write[]): DraftScope {
  const { def } = store
  const root = stateNode(def)
  const source = {
    name: def.name,
    types: def.types,
    read: (path: Path) => written(def.types, typeAt(def, root, path), path, store.base(path), over),
    loaded: (path: Path) => store.page.loaded(path) || over.some((write) => startsWith(path, write.path)),
  }
  return { source, writes: [], missing: null, closed: false }
}

function unfinished(stores: readonly StoreCore[], result: Promise<unknown>): RivuletError {
  // What becomes of it interests nobody: its draft is closed.
  result.catch(() => undefined)
  return new RivuletError('handler', 'the recipe of an optimistic call is asynchronous', {
    ...(stores[0] === undefined ? {} : { store: stores[0].def.name }),
    hint: 'It runs again whenever the state changes, and must be done when it returns.',
  })
}
