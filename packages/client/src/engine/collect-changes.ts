import { canBeNull, type PathPart, structOf, type TypeNode, type Types } from '@rivulet/wire'
import { encodePart } from '../encode-part.ts'
import type { PathChange } from '../patch.ts'
import { fieldOf } from './locate.ts'
import type { ChangedParts } from './watch-entry.ts'

/**
 * Turns the changed parts of a value into changes with their final values, appended to `out`. False when the change is one of the value itself (it is null now, or of a type that is always
 * given in one piece).
 */
export function collectChanges(
  types: Types,
  node: TypeNode,
  value: unknown,
  parts: ChangedParts,
  out: PathChange[],
): boolean {
  return collect(types, node, value, parts, [], out)
}

/** `path` is the way to `value`; it is used as a stack. */
function collect(
  types: Types,
  node: TypeNode,
  value: unknown,
  parts: ChangedParts,
  path: PathPart[],
  out: PathChange[],
): boolean {
  let inner = node
  let target = value
  while (inner.kind === 'pointer' && target !== null && target !== undefined) {
    if (inner.notNull !== true && canBeNull(inner.elem)) target = (target as { readonly value: unknown }).value
    inner = inner.elem
  }
  if (target === null || target === undefined) return whole(types, node, value, path, out)
  const depth = path.length
  switch (inner.kind) {
    case 'struct': {
      const def = structOf(types, inner.ref)
      for (const [part, below] of parts) {
        const field = fieldOf(def, part)
        if (field === undefined) continue
        path[depth] = part
        put(types, field.type, (target as Readonly<Record<string, unknown>>)[field.name], below, path, out)
      }
      break
    }
    case 'map':
      for (const [part, below] of parts) {
        path[depth] = part
        const item = (target as ReadonlyMap<PathPart, unknown>).get(part)
        if (item === undefined) out.push({ path: path.slice(), bytes: null })
        else put(types, inner.value, item, below, path, out)
      }
      break
    case 'array':
      for (const [part, below] of parts) {
        path[depth] = part
        const item = (target as readonly unknown[])[part as number]
        if (item === undefined) out.push({ path: path.slice(), bytes: null })
        else put(types, inner.elem, item, below, path, out)
      }
      break
    default:
      // Bytes and sets: single elements are not worth a path each.
      return whole(types, node, value, path, out)
  }
  path.length = depth
  return true
}

function put(
  types: Types,
  node: TypeNode,
  value: unknown,
  below: ChangedParts | null,
  path: PathPart[],
  out: PathChange[],
): void {
  if (below === null) out.push({ path: path.slice(), bytes: encodePart(types, node, value) })
  else collect(types, node, value, below, path, out)
}

function whole(types: Types, node: TypeNode, value: unknown, path: readonly PathPart[], out: PathChange[]): boolean {
  if (path.length === 0) return false
  out.push({ path: path.slice(), bytes: encodePart(types, node, value) })
  return true
}
