import { type Decode, directIndex, readAs } from './decode-simple.ts'
import { atPath } from './errors.ts'
import { objectMaker } from './object-maker.ts'
import { enter, readLength } from './reader.ts'
import type { FieldDef, TypeNode, Types } from './schema.ts'
import { zeroOf } from './zero.ts'

/** A flat struct: its fields in a row (wire.md §6). */
export function flatDecoder(fields: readonly FieldDef[], decoders: readonly Decode[]): Decode {
  const names = fields.map((f) => f.name)
  const direct = decoders.map(directIndex)
  const count = fields.length
  const make = objectMaker(names)
  return (r) => {
    enter(r)
    const { stack, top } = r
    r.top = top + count
    let i = 0
    try {
      for (; i < count; i++) stack[top + i] = readAs(direct[i] as number, r, decoders[i] as Decode)
    } catch (e) {
      throw atPath(e, names[i] as string)
    }
    r.top = top
    r.depth--
    return make(stack, top)
  }
}

/** No byte: more than any length that fits one. */
const NONE = 0xff

/** Fields whose presence one integer can record. */
const MASKED = 31

/** A fielded struct: entries in any order, unknown ones skipped, absent ones zero, of duplicates the last (wire.md §6.1). */
export function fieldedDecoder(types: Types, fields: readonly FieldDef[], decoders: readonly Decode[]): Decode {
  const names = fields.map((f) => f.name)
  const direct = decoders.map(directIndex)
  const byId = new Int16Array(256).fill(-1)
  for (const [i, field] of fields.entries()) byId[field.id as number] = i
  const count = fields.length
  const complete = count > MASKED ? -1 : 2 ** count - 1
  const make = objectMaker(names)
  const zero = zeroFiller(types, fields)
  return (r) => {
    enter(r)
    const length = readLength(r)
    const outer = r.end
    const end = r.pos + length
    const { bytes, stack, top } = r
    r.top = top + count
    for (let k = MASKED; k < count; k++) stack[top + k] = undefined
    let seen = 0
    let pos = r.pos
    let i = -1
    try {
      while (pos < end) {
        const id = bytes[pos++] as number
        // One byte of length, nearly always: read here, with the cursor in a register.
        let size = pos < end ? (bytes[pos] as number) : NONE
        if (size < 0x40 && size < end - pos) pos++
        else {
          i = -1
          r.pos = pos
          r.end = end
          size = readLength(r)
          pos = r.pos
        }
        i = byId[id] as number
        if (i >= 0) {
          r.pos = pos
          r.end = pos + size
          stack[top + i] = readAs(direct[i] as number, r, decoders[i] as Decode)
          if (i < MASKED) seen |= 1 << i
        }
        pos += size
      }
    } catch (e) {
      throw i < 0 ? e : atPath(e, names[i] as string)
    }
    r.pos = end
    r.end = outer
    if (seen !== complete) zero(stack, top, seen)
    r.top = top
    r.depth--
    return make(stack, top)
  }
}

/** Gives absent fields their zero: the same one in every object where it cannot be changed in place. */
function zeroFiller(types: Types, fields: readonly FieldDef[]): (stack: unknown[], top: number, seen: number) => void {
  const shared = fields.map((f) => (isShareable(f.type) ? zeroOf(types, f.type) : undefined))
  return (stack, top, seen) => {
    for (let i = 0; i < fields.length; i++) {
      const absent = i < MASKED ? (seen & (1 << i)) === 0 : stack[top + i] === undefined
      if (absent) stack[top + i] = shared[i] ?? zeroOf(types, (fields[i] as FieldDef).type)
    }
  }
}

/** Whether one zero value can stand in every object: what cannot be changed in place. */
function isShareable(node: TypeNode): boolean {
  switch (node.kind) {
    case 'struct':
      return false
    case 'time':
      return node.as === 'millis'
    case 'pointer':
      return node.notNull !== true || isShareable(node.elem)
    case 'array':
    case 'map':
    case 'set':
    case 'bytes':
      return node.notNull !== true
    default:
      return true
  }
}
