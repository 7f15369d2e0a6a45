import { type Path, type PathPart, RivuletError, stateNode } from '@rivulet/wire'
import type { PathChange } from '../patch.ts'
import type { RowsBlock } from '../row-block.ts'
import { cores } from './core-of.ts'
import { notify, register, type Registration } from './notify.ts'
import { deepestNode, type PathNode } from './path-node.ts'
import type { PathOf, ValueAt } from './path-types.ts'
import { behindPointers, typeAt } from './schema-walk.ts'
import type { PageStore, Readable } from './types.ts'

/**
 * What a collection is asked for its elements by: the keys of a map, the members of a set, the indices of a list.
 *
 * @example
 * type Id = KeyOf<FleetState['boats']> // string
 */
export type KeyOf<Collection> =
  NonNullable<Collection> extends ReadonlyMap<infer K, unknown>
    ? K
    : NonNullable<Collection> extends ReadonlySet<infer K>
      ? K
      : NonNullable<Collection> extends readonly unknown[]
        ? number
        : never

/**
 * The keys of the map or set, or the indices of the list, at `path`, as a value to follow: the same array until a key comes, goes or moves, however the elements change. Listening follows the collection. What is
 * not known, and null, has no keys.
 *
 * These are the keys of what the page shows: of optimistic calls and of a server's rendering too. `storeKeys` has them from the worker instead, in any order and in windows, without the collection on the page.
 *
 * @throws RivuletError `path` when the schema has no collection at `path`.
 *
 * @example
 * const ids = createKeys(fleet, 'boats')
 * const stop = ids.subscribe(() => console.log(ids.get().length))
 */
export function createKeys<S, const P extends PathOf<S>>(
  store: PageStore<S>,
  path: P,
): Readable<readonly KeyOf<ValueAt<S, P>>[]> {
  const at: Path = typeof path === 'string' ? [path] : path
  const keys = followKeys(store as unknown as PageStore<unknown>, at)
  return keys as Readable<readonly KeyOf<ValueAt<S, P>>[]>
}

type Keys = readonly PathPart[]

/** What `keys` were taken from. */
interface Source {
  readonly value: unknown
  /** Changes that have arrived since, and how many of them have been looked at: none of those gave or took a key. */
  readonly changes: readonly PathChange[] | undefined
  readonly seen: number
  /** The same for the rows of a table. */
  readonly rows: readonly RowsBlock[] | undefined
  readonly seenRows: number
}

const NONE: Keys = []

function followKeys(store: PageStore<unknown>, path: Path): Readable<Keys> {
  const kind = behindPointers(typeAt(store.def, stateNode(store.def), path)).kind
  if (kind !== 'map' && kind !== 'set' && kind !== 'array') {
    throw new RivuletError('path', 'there is no map, set or list', { store: store.def.name, path })
  }
  const registrations = new Set<Registration>()
  const core = cores.get(store)
  let keys = NONE
  let members: ReadonlySet<PathPart> = new Set()
  let source: Source | null = null
  let told = NONE
  let stop: (() => void) | undefined

  /** The node of the path itself, when what arrives there is not read but looked through. */
  const slotOf = (): PathNode['slot'] | undefined => {
    if (core === undefined || core.overlay !== null || core.shown) return undefined
    const node = deepestNode(core.root, path)
    const { slot } = node
    return node.path.length === path.length && slot.known && slot.bytes === null && slot.table === null
      ? slot
      : undefined
  }

  /** Whether what has arrived since leaves all keys as they are. Copying a map of thousands for one changed element would cost more than showing it. */
  const unchanged = (): boolean => {
    const slot = slotOf()
    if (slot === undefined || source === null) return false
    const { value, changes, rows } = slot
    if (source.value !== value || source.changes !== changes || source.rows !== rows) return false
    for (let i = source.seen; i < changes.length; i++) {
      const { path: below, bytes } = changes[i] as PathChange
      if (!members.has(below[0] as PathPart) || (bytes === null && below.length === 1)) return false
    }
    for (let i = source.seenRows; i < rows.length; i++) {
      const { gone, keys: added } = rows[i] as RowsBlock
      if (gone.length > 0 || added.ends.length > 0) return false
    }
    source = { value, changes, seen: changes.length, rows, seenRows: rows.length }
    return true
  }

  const get = (): Keys => {
    if (unchanged()) return keys
    const value = store.get(path)
    if (source === null || source.value !== value) {
      const next = keysOf(value)
      if (next.length !== keys.length || next.some((key, i) => !Object.is(key, keys[i]))) {
        keys = next
        members = new Set(next)
      }
    }
    const slot = slotOf()
    source = { value, changes: slot?.changes, seen: 0, rows: slot?.rows, seenRows: 0 }
    return keys
  }

  const onChange = (): void => {
    const next = get()
    if (next === told) return
    told = next
    notify([...registrations])
  }

  return {
    get,
    subscribe(listener) {
      const off = register(registrations, listener, () => {
        if (registrations.size > 0) return
        stop?.()
        stop = undefined
      })
      if (stop === undefined) {
        stop = store.subscribe(path, onChange)
        told = get()
      }
      return off
    },
  }
}

function keysOf(value: unknown): Keys {
  if (value instanceof Map || value instanceof Set) return [...(value.keys() as Iterable<PathPart>)]
  return Array.isArray(value) ? [...value.keys()] : NONE
}
