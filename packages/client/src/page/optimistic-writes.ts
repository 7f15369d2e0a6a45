import { equalValues, namedStruct, type Path, type PathPart, type TypeNode, type Types } from '@rivulet/wire'
import { childNode, childValue, isBoxed } from './schema-walk.ts'

/** One place that a recipe has changed: it holds `value` now, or {@link GONE}. */
export interface Write {
  readonly path: Path
  /** The type at `path`. */
  readonly node: TypeNode
  readonly value: unknown
}

/** What a removed key holds. */
export const GONE: unique symbol = Symbol('gone')

/** Whether `path` begins with `start`. */
export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, i) => Object.is(part, path[i]))
}

/** Whether a change at one of the paths can be seen at the other. */
export function related(a: Path, b: Path): boolean {
  return startsWith(a, b) || startsWith(b, a)
}

/** Whether both say the same. */
export function sameWrite(types: Types, a: Write, b: Write): boolean {
  return a.path.length === b.path.length && startsWith(a.path, b.path) && sameValue(types, a.node, a.value, b.value)
}

/** Whether a write leaves what is there as it is. */
export function sameValue(types: Types, node: TypeNode, a: unknown, b: unknown): boolean {
  const left = a === GONE ? undefined : a
  const right = b === GONE ? undefined : b
  return Object.is(left, right) || equalValues(types, node, left, right)
}

/**
 * What is at `path`, of type `node`, when `base` was there before `writes`. Containers on the way to a change are copied, each once; everything else keeps its identity. A write below something that is
 * not there has no place and is left out.
 */
export function written(types: Types, node: TypeNode, path: Path, base: unknown, writes: readonly Write[]): unknown {
  const copies = new Set<object>()
  let value = base
  for (const write of writes) {
    if (startsWith(path, write.path)) value = partOf(types, write, path)
    else if (startsWith(write.path, path)) value = put(types, node, value, write, path.length, copies)
  }
  return value
}

/** What a write of `path`, or of something that it leads through, puts there. */
function partOf(types: Types, write: Write, path: Path): unknown {
  let value = write.value === GONE ? undefined : write.value
  let node: TypeNode | undefined = write.node
  for (const part of path.slice(write.path.length)) {
    if (node === undefined || value === undefined) return undefined
    value = childValue(node, value, part)
    node = childNode(types, node, part)
  }
  return value
}

function put(types: Types, node: TypeNode, value: unknown, write: Write, depth: number, copies: Set<object>): unknown {
  if (depth === write.path.length) return write.value
  if (value === null || value === undefined) return value
  const inside = (type: TypeNode, inner: unknown): unknown => put(types, type, inner, write, depth + 1, copies)
  const part = write.path[depth] as PathPart
  const gone = write.value === GONE && depth === write.path.length - 1
  switch (node.kind) {
    case 'pointer': {
      if (!isBoxed(node)) return put(types, node.elem, value, write, depth, copies)
      const { value: inner } = value as { readonly value: unknown }
      return { value: put(types, node.elem, inner, write, depth, copies) }
    }
    case 'struct': {
      const field = namedStruct(types, node.ref).fields.find(({ name }) => name === part)
      if (field === undefined) return value
      const out = own(copies, value as Record<string, unknown>, (v) => ({ ...v }))
      out[field.name] = inside(field.type, out[field.name])
      return out
    }
    case 'map': {
      const here = value as Map<PathPart, unknown>
      // Something below an element that is not there: nothing to put it into.
      if (depth < write.path.length - 1 && !here.has(part)) return value
      const out = own(copies, here, (v) => new Map(v))
      if (gone) out.delete(part)
      else out.set(part, inside(node.value, out.get(part)))
      return out
    }
    case 'array': {
      const index = part as number
      const here = value as unknown[]
      if (index > here.length || (depth < write.path.length - 1 && index === here.length)) return value
      const out = own(copies, here, (v) => [...v])
      // A list loses its end only.
      if (gone) {
        out.length = Math.min(out.length, index)
        return out
      }
      out[index] = inside(node.elem, out[index])
      return out
    }
    default:
      return value
  }
}

function own<T extends object>(copies: Set<object>, value: T, copy: (value: T) => T): T {
  if (copies.has(value)) return value
  const out = copy(value)
  copies.add(out)
  return out
}
