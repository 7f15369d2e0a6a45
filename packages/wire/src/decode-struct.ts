import { type Decode, directIndex, readAs } from './decode-simple.ts'
import { atPath } from './errors.ts'
import { makeObject } from './make-object.ts'
import { claimMaker, FREQUENT, type ObjectMaker } from './object-maker.ts'
import { textAt } from './read-string.ts'
import { enter, readLength, wideAt } from './reader.ts'
import type { FieldDef, TypeNode, Types } from './schema.ts'
import { zeroOf } from './zero.ts'

/** A flat struct: its fields in a row (wire.md §6). */
export function flatDecoder(fields: readonly FieldDef[], decoders: readonly Decode[]): Decode {
  const names = fields.map((f) => f.name)
  const direct = decoders.map(directIndex)
  const count = fields.length
  let Maker: ObjectMaker | undefined
  let made = 0
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
    if (Maker !== undefined) return new Maker(names, stack, top)
    if (++made === FREQUENT) Maker = claimMaker(names)
    return makeObject(names, stack, top)
  }
}

/** No byte: more than any length that fits one. */
const NONE = 0xff

/** Fields whose presence one integer can record. */
const MASKED = 31

/** A fielded struct: entries in any order, unknown ones skipped, absent ones zero, of duplicates the last (wire.md §6.1). */
export function fieldedDecoder(types: Types, fields: readonly FieldDef[], decoders: readonly Decode[]): Decode {
  const names = fields.map((f) => f.name)
  const direct = Int8Array.from(decoders, directIndex)
  const byId = new Int16Array(256).fill(-1)
  for (const [i, field] of fields.entries()) byId[field.id as number] = i
  const count = fields.length
  const complete = count > MASKED ? -1 : 2 ** count - 1
  let Maker: ObjectMaker | undefined
  let made = 0
  const zero = zeroFiller(types, fields)
  return (r) => {
    enter(r)
    const length = readLength(r)
    const outer = r.end
    const end = r.pos + length
    const { bytes, view, stack, top } = r
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
          // The entry's length says what to expect, so one comparison stands for the general decoder's several, and the cursor need not be written to memory and read again. Here and not in a
          // function, which an engine finds too large to put here: the call alone is a third of the gain. Whatever is not as usual is left to the general decoder, which also says what is wrong.
          let v: unknown
          switch (direct[i]) {
            case 0: {
              // bool
              const b = bytes[pos] as number
              if (size === 1 && b < 2) v = b === 1
              break
            }
            case 1: // string
              // Only a string of less than 64 bytes has a length of one byte.
              if (size > 0 && size <= 0x40 && bytes[pos] === size - 1) v = textAt(r, pos + 1, size - 1)
              break
            case 2: // float32
              if (size === 4) v = view.getFloat32(pos, true)
              break
            case 3: // float64
              if (size === 8) v = view.getFloat64(pos, true)
              break
            case 4: // int32
            case 5: // uint8
            case 6: // uint16
            case 7: {
              // uint32
              // In place and not by `wideAt`, whose call costs as much as the rest.
              const b0 = bytes[pos] as number
              let mag = b0 & 0x3f
              if (size === 1) {
                if (b0 >= 0x80) break
              } else if (size === 2) {
                const b1 = bytes[pos + 1] as number
                if (b0 < 0x80 || b1 >= 0x80) break
                mag |= b1 << 6
              } else if (size === 4) {
                const b1 = bytes[pos + 1] as number
                const b3 = bytes[pos + 3] as number
                if (b0 < 0x80 || b1 < 0x80 || b3 >= 0x80) break
                mag |= ((b1 & 0x7f) << 6) | ((bytes[pos + 2] as number) << 13) | (b3 << 21)
              } else break
              if (b0 & 0x40) mag = -mag | 0
              const kind = direct[i]
              v = kind === 4 ? mag : kind === 5 ? mag & 0xff : kind === 6 ? mag & 0xffff : mag >>> 0
              break
            }
            case 8: // int64
            case 9: // millis
              v = wideAt(r, pos, size)
              break
            case 10: {
              // date
              const millis = wideAt(r, pos, size)
              if (millis !== undefined) v = new Date(millis)
            }
          }
          if (v === undefined) {
            r.pos = pos
            r.end = pos + size
            v = (decoders[i] as Decode)(r)
          }
          stack[top + i] = v
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
    if (Maker !== undefined) return new Maker(names, stack, top)
    if (++made === FREQUENT) Maker = claimMaker(names)
    return makeObject(names, stack, top)
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
