import type { Path, PathPart } from './schema.ts'

/**
 * The value at a path of a decoded state; undefined when something is missing on the way (a key, an index, a null). A key of a set reads as `true`.
 * Boxes of pointers (`{ value }`) are opened on the way, not at the end.
 *
 * @example
 * valueAt(state, ['cells', 4, 'owner'])
 */
export function valueAt(state: unknown, path: Path): unknown {
  let at = state
  for (const part of path) {
    at = childOf(at, part)
    if (at === undefined) return undefined
  }
  return at
}

function childOf(parent: unknown, part: PathPart): unknown {
  if (typeof parent !== 'object' || parent === null) return undefined
  if (parent instanceof Map) return parent.get(part)
  if (parent instanceof Set) return parent.has(part) ? true : undefined
  if (Array.isArray(parent) || parent instanceof Uint8Array) return typeof part === 'number' ? parent[part] : undefined
  if (typeof part === 'string' && Object.hasOwn(parent, part))
    return (parent as Readonly<Record<string, unknown>>)[part]
  // Not a field of this object: it can only be the box of a pointer, and the part belongs to what is in it.
  return Object.hasOwn(parent, 'value') ? childOf((parent as { readonly value: unknown }).value, part) : undefined
}
