import type { PageStore, Path } from '@rivulet/client'
import { pathOf } from './path-of.ts'
import { pathSource } from './path-source.ts'
import { samePath } from './same-path.ts'
import { selectionSource } from './selection-source.ts'
import type { Source } from './source.ts'
import type { Equality, StoreQuery } from './store-query.ts'
import { countMemory, type OriginMemory } from './use-origin.ts'

/** A {@link Source} that knows what it answers. */
export interface StoreSource extends Source<unknown> {
  readonly store: PageStore<unknown>
  readonly query: StoreQuery
  readonly equality: Equality
  /** The paths that the answer is made of. */
  readonly reads: () => readonly Path[]
  /** The same for the answer of `getServer`. */
  readonly readsOnServer: () => readonly Path[]
  /** What a selection has returned last; undefined for a path. */
  readonly last?: () => Held | null
}

/** A value that is there, even when it is undefined. */
export interface Held {
  readonly value: unknown
}

/** What one component keeps from render to render: the source that React has subscribed to last, if any. */
export interface SourceMemory extends OriginMemory {
  committed: StoreSource | null
  /** How many subscriptions there are now: none before the first commit, and in a hidden tree. */
  subscribed: number
}

/** A fresh {@link SourceMemory}, for `useState`. */
export function createSourceMemory(): SourceMemory {
  return { serial: countMemory(), committed: null, subscribed: 0 }
}

/**
 * The source that answers `query`: the one that the component is subscribed to when that asks the same, however the path is spelled anew, else a fresh one.
 *
 * Only subscribing writes to the memory, which React does when it has committed, so a render that it throws away leaves no trace. A component that renders
 * again before its first commit gets another source; sources are cheap, and a cache for all components costs a row more than its whole mount.
 */
export function storeSource(
  memory: SourceMemory,
  store: PageStore<unknown>,
  query: StoreQuery,
  equality: Equality,
): StoreSource {
  const known = memory.committed
  if (known !== null && known.store === store && known.equality === equality && sameQuery(known.query, query)) {
    return known
  }
  return typeof query === 'function'
    ? selectionSource(memory, store, query, equality)
    : pathSource(memory, store, pathOf(query), equality)
}

function sameQuery(a: StoreQuery, b: StoreQuery): boolean {
  return a === b || (typeof a !== 'function' && typeof b !== 'function' && samePath(pathOf(a), pathOf(b)))
}
