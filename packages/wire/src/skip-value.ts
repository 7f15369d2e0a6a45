import type { FieldPlan } from './delta-plan.ts'
import { readDescriptor } from './dynamic.ts'
import { enter, readCount, readLength, readNullFlag, readPacked32, readU8, type Reader, truncated } from './reader.ts'
import type { TypeNode, Types } from './schema.ts'
import { structOf } from './struct-table.ts'
import { isRivuletError } from './errors.ts'

/**
 * Whether the collection operation at the reader's position replaces nothing as a whole. The reader stays where it is.
 * Malformed bytes count as a replacement: whoever then decodes the operation finds what is wrong with it.
 */
export function endsWithoutWhole(types: Types, field: FieldPlan, r: Reader): boolean {
  const { pos, end, depth } = r
  // The flag of an absent `whole` is the last byte of an entry.
  if (r.bytes[end - 1] !== 1) return false
  try {
    skipOperations(types, field, r)
    return r.pos < r.end && r.bytes[r.pos] === 1
  } catch (e) {
    if (isRivuletError(e)) return false
    throw e
  } finally {
    r.pos = pos
    r.end = end
    r.depth = depth
  }
}

function skipOperations(types: Types, field: FieldPlan, r: Reader): void {
  for (let n = readCount(r, field.minEntry); n > 0; n--) {
    skip(types, field.key, r)
    if (field.shape !== 'set') skip(types, field.value, r)
  }
  if (field.shape === 'map' || field.shape === 'set') {
    for (let n = readCount(r, field.minKey); n > 0; n--) skip(types, field.key, r)
  }
  if (field.sub === null || field.shape === 'set') return
  for (let n = readCount(r, field.minKey + 1); n > 0; n--) {
    skip(types, field.key, r)
    if (!readNullFlag(r)) skipSized(r)
  }
}

function skipSized(r: Reader): void {
  const n = readLength(r)
  r.pos += n
}

function skipFixed(r: Reader, n: number): void {
  if (r.pos + n > r.end) throw truncated(r)
  r.pos += n
}

/** Moves past one value without building it. */
function skip(types: Types, node: TypeNode, r: Reader): void {
  switch (node.kind) {
    case 'bool':
      readU8(r)
      return
    case 'string':
      skipSized(r)
      return
    case 'float32':
      skipFixed(r, 4)
      return
    case 'float64':
      skipFixed(r, 8)
      return
    case 'any':
      enter(r)
      skip(types, readDescriptor(r), r)
      r.depth--
      return
    case 'pointer':
      if (node.notNull === true || !readNullFlag(r)) skip(types, node.elem, r)
      return
    case 'bytes':
      if (node.notNull === true || !readNullFlag(r)) skipSized(r)
      return
    case 'array':
      if (node.notNull === true || !readNullFlag(r)) {
        for (let n = readCount(r, 1); n > 0; n--) skip(types, node.elem, r)
      }
      return
    case 'map':
      if (node.notNull === true || !readNullFlag(r)) {
        for (let n = readCount(r, 1); n > 0; n--) {
          skip(types, node.key, r)
          skip(types, node.value, r)
        }
      }
      return
    case 'set':
      if (node.notNull === true || !readNullFlag(r)) {
        for (let n = readCount(r, 1); n > 0; n--) skip(types, node.key, r)
      }
      return
    case 'struct': {
      const def = structOf(types, node.ref)
      if (def.form !== 'flat') {
        skipSized(r)
        return
      }
      enter(r)
      for (const field of def.fields) skip(types, field.type, r)
      r.depth--
      return
    }
    default:
      readPacked32(r)
  }
}
