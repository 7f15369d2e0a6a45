import {
  canBeNull,
  type FieldDef,
  type Path,
  type StructDef,
  structOf,
  type TypeNode,
  type Types,
  zeroOf,
} from '@rivulet/wire'

/** What is at a path, or at the part of it that leads somewhere. */
export interface Located {
  /** Type and value at `path[0..depth)`. */
  readonly node: TypeNode
  readonly value: unknown
  /** How much of the path could be followed: less than all of it where a null, or a type without parts, is on the way. */
  readonly depth: number
  /** The last of these parts is a key or an index that does not exist. */
  readonly gone: boolean
}

const BYTE: TypeNode = { kind: 'uint8' }
const PRESENT: TypeNode = { kind: 'bool' }

/**
 * Follows `path` through a value and its type at once. At the end a pointer is left as it is, with its pointer type; on the way it is looked through.
 */
export function locate(types: Types, root: TypeNode, state: unknown, path: Path, end: number = path.length): Located {
  let node = root
  let value = state
  for (let depth = 0; depth < end; depth++) {
    let inner = node
    let target = value
    while (inner.kind === 'pointer' && target !== null && target !== undefined) {
      if (inner.notNull !== true && canBeNull(inner.elem)) target = (target as { readonly value: unknown }).value
      inner = inner.elem
    }
    if (target === null || target === undefined) return { node, value, depth, gone: false }
    const part = path[depth]
    if (inner.kind === 'struct') {
      const field = fieldOf(structOf(types, inner.ref), part)
      if (field === undefined) return { node, value, depth, gone: false }
      node = field.type
      value = (target as Record<string, unknown>)[field.name]
    } else if (inner.kind === 'map') {
      const map = target as ReadonlyMap<unknown, unknown>
      node = inner.value
      value = map.get(part)
      if (value === undefined && !map.has(part)) return { node, value, depth: depth + 1, gone: true }
    } else if (inner.kind === 'array') {
      const list = target as readonly unknown[]
      node = inner.elem
      if (typeof part !== 'number' || !(part >= 0 && part < list.length))
        return { node, value: undefined, depth: depth + 1, gone: true }
      value = list[part]
    } else if (inner.kind === 'bytes') {
      const bytes = target as Uint8Array
      node = BYTE
      if (typeof part !== 'number' || !(part >= 0 && part < bytes.length))
        return { node, value: undefined, depth: depth + 1, gone: true }
      value = bytes[part]
    } else if (inner.kind === 'set') {
      node = PRESENT
      if (!(target as ReadonlySet<unknown>).has(part)) return { node, value: undefined, depth: depth + 1, gone: true }
      value = true
    } else return { node, value, depth, gone: false }
  }
  return { node, value, depth: end, gone: false }
}

/**
 * Puts `value` at `path`, in place, making what is missing on the way. Does nothing where the path cannot be followed.
 * Only for states that nobody else sees.
 */
export function putAt(types: Types, root: TypeNode, state: unknown, path: Path, value: unknown): void {
  let node = root
  let target = state
  for (let depth = 0; depth < path.length; depth++) {
    const part = path[depth]
    const last = depth === path.length - 1
    while (node.kind === 'pointer') {
      if (node.notNull !== true && canBeNull(node.elem)) target = (target as { readonly value: unknown }).value
      node = node.elem
    }
    if (node.kind === 'struct') {
      const field = fieldOf(structOf(types, node.ref), part)
      if (field === undefined) return
      const struct = target as Record<string, unknown>
      if (last) struct[field.name] = value
      else target = struct[field.name] ??= present(types, field.type)
      node = field.type
    } else if (node.kind === 'map') {
      const map = target as Map<unknown, unknown>
      if (last) map.set(part, value)
      else {
        target = map.get(part) ?? present(types, node.value)
        map.set(part, target)
      }
      node = node.value
    } else if (node.kind === 'array') {
      const list = target as unknown[]
      if (typeof part !== 'number' || part < 0 || part >= list.length) return
      if (last) list[part] = value
      else target = list[part] ??= present(types, node.elem)
      node = node.elem
    } else return
  }
}

/** An empty value that can hold parts, where zero would be null. */
function present(types: Types, node: TypeNode): unknown {
  switch (node.kind) {
    case 'map':
      return new Map()
    case 'array':
      return []
    case 'pointer': {
      const inner = present(types, node.elem)
      return node.notNull !== true && canBeNull(node.elem) ? { value: inner } : inner
    }
    default:
      return zeroOf(types, node)
  }
}

const fields = new WeakMap<StructDef, ReadonlyMap<unknown, FieldDef>>()

/** The field with this property name. */
export function fieldOf(def: StructDef, name: unknown): FieldDef | undefined {
  let byName = fields.get(def)
  if (byName === undefined) fields.set(def, (byName = new Map(def.fields.map((f) => [f.name, f]))))
  return byName.get(name)
}
