import { canBeNull, type Path, type PathPart, type TypeNode, type Types } from '@rivulet/wire'
import { locate } from '../locate.ts'

/** A map, list or set as keys with rows. The keys of a list are its indices; the row of a set's key is the key. */
export interface Rows {
  /** What the state holds: another object whenever the collection was replaced as a whole. */
  readonly source: unknown
  readonly size: number
  has(key: PathPart): boolean
  get(key: PathPart): unknown
  keys(): Iterable<PathPart>
}

const NONE: Rows = { source: null, size: 0, has: () => false, get: () => undefined, keys: () => [] }

/** The rows of a value; none where there is no collection (null, or a path that leads to nothing now). */
export function rowsOf(node: TypeNode, value: unknown): Rows {
  let inner = node
  let target = value
  while (inner.kind === 'pointer' && target !== null && target !== undefined) {
    if (inner.notNull !== true && canBeNull(inner.elem)) target = (target as { readonly value: unknown }).value
    inner = inner.elem
  }
  if (target instanceof Map) return rowsOfMap(target)
  if (target instanceof Set) return rowsOfSet(target)
  return Array.isArray(target) ? rowsOfList(target) : NONE
}

function rowsOfMap(map: ReadonlyMap<PathPart, unknown>): Rows {
  return {
    source: map,
    size: map.size,
    has: (key) => map.has(key),
    get: (key) => map.get(key),
    keys: () => map.keys(),
  }
}

function rowsOfSet(set: ReadonlySet<PathPart>): Rows {
  return { source: set, size: set.size, has: (key) => set.has(key), get: (key) => key, keys: () => set }
}

function rowsOfList(list: readonly unknown[]): Rows {
  return {
    source: list,
    size: list.length,
    has: (key) => typeof key === 'number' && key >= 0 && key < list.length,
    get: (key) => list[key as number],
    keys: () => list.keys(),
  }
}

/** The type of the rows of a collection; undefined where the type is none. */
export function rowNode(node: TypeNode): TypeNode | undefined {
  let inner = node
  while (inner.kind === 'pointer') inner = inner.elem
  if (inner.kind === 'map') return inner.value
  if (inner.kind === 'array') return inner.elem
  return inner.kind === 'set' ? inner.key : undefined
}

/** Reads one field of rows: undefined where it is missing, null where it is null. */
export function fieldReader(types: Types, row: TypeNode, path: Path): (row: unknown) => unknown {
  return (value) => {
    const at = locate(types, row, value, path)
    if (at.gone || at.depth < path.length) return undefined
    let inner = at.node
    let target = at.value
    while (inner.kind === 'pointer' && target !== null && target !== undefined) {
      if (inner.notNull !== true && canBeNull(inner.elem)) target = (target as { readonly value: unknown }).value
      inner = inner.elem
    }
    return target
  }
}
