import { type Path, type PathPart, RivuletError, structOf, type TypeNode, type Types, zeroOf } from '@rivulet/wire'
import { decodePart } from '../decode-part.ts'
import type { PathChange } from '../patch.ts'
import { isBoxed } from './schema-walk.ts'

/** A list grows by at most this many elements at once; the engine has refused more already, so more is damage. */
const MAX_GROWTH = 1_048_576

/**
 * Applies the changes of a patch to a value of type `node`: the result is a new value in which only the containers on the way to a change are copies
 * (each once, however many changes go through it); everything else keeps its identity. The value itself is never touched.
 *
 * What is not there on the way (a key, an index, a null) starts as the zero of its type, as the patch grammar says.
 *
 * Throws `RivuletError` `protocol` for a change that fits no value of this type, and the wire's errors for bytes that do not decode.
 */
export function applyChanges(types: Types, node: TypeNode, value: unknown, changes: readonly PathChange[]): unknown {
  const batch: Batch = { types, fresh: new Set() }
  let out = value
  for (const change of changes) out = write(batch, node, out, change, 0)
  return out
}

interface Batch {
  readonly types: Types
  /** Containers made by this batch: these may be changed in place. */
  readonly fresh: Set<object>
}

function write(batch: Batch, node: TypeNode, value: unknown, change: PathChange, depth: number): unknown {
  const { path, bytes } = change
  if (depth === path.length) {
    if (bytes === null) throw astray(path, 'a removal needs a container')
    return decodePart(batch.types, node, bytes)
  }
  if (node.kind === 'pointer') {
    if (!isBoxed(node)) return write(batch, node.elem, value, change, depth)
    const inner = (value as { readonly value: unknown } | null | undefined)?.value
    return { value: write(batch, node.elem, inner, change, depth) }
  }
  const part = path[depth] as PathPart
  const gone = bytes === null && depth === path.length - 1
  switch (node.kind) {
    case 'struct': {
      const field = structOf(batch.types, node.ref).fields.find((f) => f.name === part)
      if (field === undefined || gone) throw astray(path, 'no such field')
      const out = own(batch, value as Record<string, unknown> | null | undefined, (v) => ({
        ...(v ?? zero(batch, node)),
      }))
      out[field.name] = write(batch, field.type, out[field.name], change, depth + 1)
      return out
    }
    case 'map': {
      const out = own(batch, value as Map<PathPart, unknown> | null | undefined, (v) => new Map(v))
      if (gone) out.delete(part)
      else out.set(part, write(batch, node.value, out.get(part), change, depth + 1))
      return out
    }
    case 'array': {
      const out = own(batch, value as unknown[] | null | undefined, (v) => [...(v ?? [])])
      const index = part as number
      if (!Number.isSafeInteger(index) || index < 0 || index > out.length + MAX_GROWTH)
        throw astray(path, 'an impossible index')
      if (gone) {
        out.length = Math.min(out.length, index)
        return out
      }
      while (out.length < index) out.push(zeroOf(batch.types, node.elem))
      out[index] = write(batch, node.elem, out[index], change, depth + 1)
      return out
    }
    default:
      throw astray(path, `a value of type ${node.kind} is always given as a whole`)
  }
}

function own<T extends object>(batch: Batch, value: T | null | undefined, copy: (value: T | null | undefined) => T): T {
  if (value !== null && value !== undefined && batch.fresh.has(value)) return value
  const out = copy(value)
  batch.fresh.add(out)
  return out
}

function zero(batch: Batch, node: TypeNode): Record<string, unknown> {
  return zeroOf(batch.types, node) as Record<string, unknown>
}

function astray(path: Path, what: string): RivuletError {
  return new RivuletError('protocol', `a change that does not fit the value: ${what}`, { path })
}
