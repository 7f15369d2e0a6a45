import { asOrigin, createKeys, zeroAt, type PageStore, type Path } from '@rivulet/client'
import { groupKeys, type Group, type Key } from './group-keys.ts'
import { samePath } from './same-path.ts'
import type { Source } from './source.ts'
import { countMemory, type OriginMemory } from './use-origin.ts'

/** The rows of a list, in groups. */
export interface GroupSource extends Source<readonly Group[]> {
  readonly store: PageStore<unknown>
  readonly path: Path
}

/** What one list keeps from render to render: the source that React has subscribed to last, if any. */
export interface GroupMemory extends OriginMemory {
  committed: GroupSource | null
}

/** A fresh {@link GroupMemory}, for `useState`. */
export function createGroupMemory(): GroupMemory {
  return { serial: countMemory(), committed: null }
}

/** The source of the groups of a collection: the one that the list is subscribed to when that is of the same path, else a fresh one. */
export function groupSource(memory: GroupMemory, store: PageStore<unknown>, path: Path): GroupSource {
  const known = memory.committed
  if (known !== null && known.store === store && samePath(known.path, path)) return known
  const keys = createKeys(store, path)
  let shown: readonly Group[] = []
  let of: unknown = null
  let server: readonly Group[] | null = null
  const source: GroupSource = {
    store,
    path,
    subscribe(listener) {
      memory.committed = source
      return asOrigin(store.client, memory.origin, source.get, listener, (heard) => keys.subscribe(heard))
    },
    get() {
      const now = keys.get() as readonly Key[]
      // Rows keep their groups, so the groups before decide about those of now.
      if (now !== of) shown = groupKeys(shown, now)
      of = now
      return shown
    },
    getServer: () => (server ??= groupKeys([], keysIn(zeroAt(store.def, path)))),
  }
  return source
}

function keysIn(value: unknown): readonly Key[] {
  if (value instanceof Map || value instanceof Set) return [...(value.keys() as Iterable<Key>)]
  return Array.isArray(value) ? [...value.keys()] : []
}
