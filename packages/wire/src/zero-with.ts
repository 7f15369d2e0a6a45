import { RivuletError } from './errors.ts'
import { makeObject } from './make-object.ts'
import type { StructDef, TypeNode, Types } from './schema.ts'

/** Structs within structs within structs: more than this, and the descriptor goes round in a circle. */
const MAX_DEPTH = 256

/** Go's zero time (year 1), in Unix milliseconds: what an absent time field means. */
export const ZERO_TIME_MILLIS = -62_135_596_800_000

/** Finds the struct called `ref`: `structOf`, or `namedStruct` where it need not be checked. */
export type FindStruct = (types: Types, ref: string) => StructDef

/**
 * The value that an absent field stands for: 0, `''`, `false`, `null`, the zero time, a struct of zeros (wire.md §6.1).
 * Always fresh, so that an owner may change it in place.
 *
 * Throws what `find` throws, and `schema` for a struct that contains itself by value.
 *
 * @example
 * zeroWith(namedStruct, BoardStore.types, { kind: 'bool' }) // false
 */
export function zeroWith(find: FindStruct, types: Types, node: TypeNode, depth = 0): unknown {
  switch (node.kind) {
    case 'bool':
      return false
    case 'string':
      return ''
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? 0n : 0
    case 'time':
      return node.as === 'millis' ? ZERO_TIME_MILLIS : new Date(ZERO_TIME_MILLIS)
    case 'any':
      return null
    case 'pointer':
      return node.notNull === true ? zeroWith(find, types, node.elem, depth) : null
    case 'array':
      return node.notNull === true ? [] : null
    case 'bytes':
      return node.notNull === true ? new Uint8Array(0) : null
    case 'map':
      return node.notNull === true ? new Map() : null
    case 'set':
      return node.notNull === true ? new Set() : null
    case 'struct':
      return zeroStructWith(find, types, find(types, node.ref), depth + 1)
    default:
      return 0
  }
}

/** A struct in which every field is absent. */
export function zeroStructWith(
  find: FindStruct,
  types: Types,
  { fields }: StructDef,
  depth = 0,
): Record<string, unknown> {
  if (depth > MAX_DEPTH)
    throw new RivuletError('schema', 'a struct contains itself by value, so it could never end', {
      hint: 'Put a pointer in between.',
    })
  return makeObject(
    fields.map((f) => f.name),
    fields.map((f) => zeroWith(find, types, f.type, depth)),
  )
}
