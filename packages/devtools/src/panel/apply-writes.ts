import {
  canBeNull,
  decodeValue,
  nodeAt,
  type Path,
  type PathPart,
  type StoreDef,
  stateNode,
  structOf,
  type TypeNode,
  type Types,
} from '@rivulet/wire'
import type { PanelWrite } from '../protocol.ts'

/**
 * A store's state as the page shows it: the host's with the panel's writes over it, in order. What leads nowhere (a key that is gone, a null on the way) is left out, as on the page. Nothing of `state` is changed, and what
 * no write touches is the same object.
 *
 * Throws for bytes that are not of their place's type.
 *
 * @example
 * const shown = applyWrites(def, state, model.shown.get(def.name) ?? [])
 */
export function applyWrites(def: StoreDef, state: unknown, writes: readonly PanelWrite[]): unknown {
  let out = state
  for (const { path, bytes } of writes) {
    const node = nodeAt(def.types, stateNode(def), path)
    if (node === null) continue
    const value = bytes === null ? GONE : decodeValue(def.types, node, bytes)
    out = replaceAt(def.types, stateNode(def), out, path, value)
  }
  return out
}

const GONE: unique symbol = Symbol('gone')

function replaceAt(types: Types, node: TypeNode, value: unknown, path: Path, next: unknown): unknown {
  if (path.length === 0) return next === GONE ? value : next
  if (value === null || value === undefined) return value
  const [part, ...below] = path as readonly [PathPart, ...PathPart[]]
  const inner = (of: TypeNode, item: unknown): unknown => replaceAt(types, of, item, below, next)
  const isGone = next === GONE && below.length === 0
  switch (node.kind) {
    case 'pointer':
      if (node.notNull === true || !canBeNull(node.elem)) return replaceAt(types, node.elem, value, path, next)
      return { value: replaceAt(types, node.elem, (value as { readonly value: unknown }).value, path, next) }
    case 'struct': {
      const field = structOf(types, node.ref).fields.find(({ name }) => name === part)
      const struct = value as Readonly<Record<PathPart & string, unknown>>
      return field === undefined ? value : { ...struct, [field.name]: inner(field.type, struct[field.name]) }
    }
    case 'array':
      return replaceIn(value as readonly unknown[], part, isGone, (item) => inner(node.elem, item), below.length === 0)
    case 'map': {
      const map = new Map(value as ReadonlyMap<PathPart, unknown>)
      if (isGone) map.delete(part)
      else if (below.length === 0 || map.has(part)) map.set(part, inner(node.value, map.get(part)))
      return map
    }
    case 'set': {
      const set = new Set(value as ReadonlySet<PathPart>)
      if (isGone || next === false) set.delete(part)
      else set.add(part)
      return set
    }
    case 'bytes': {
      const bytes = (value as Uint8Array).slice()
      if (typeof part === 'number' && part < bytes.length && typeof next === 'number') bytes[part] = next
      return bytes
    }
    default:
      return value
  }
}

function replaceIn(
  list: readonly unknown[],
  part: PathPart,
  isGone: boolean,
  inner: (item: unknown) => unknown,
  mayAdd: boolean,
): readonly unknown[] {
  if (typeof part !== 'number' || part > list.length || (part === list.length && !mayAdd)) return list
  // Only at its end can a list get shorter.
  if (isGone) return part === list.length - 1 ? list.slice(0, -1) : list
  const copy = [...list]
  copy[part] = inner(list[part])
  return copy
}
