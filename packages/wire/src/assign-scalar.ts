import type { Decode } from './compile-decoder.ts'
import { type Reader, truncated } from './reader.ts'
import type { TypeNode } from './schema.ts'

type Struct = Record<string, unknown>

/** Reads a value into a property of an owned struct; whether that changed it. */
export type Assign = (r: Reader, struct: Struct, name: string) => boolean

type AssignFloat = (r: Reader, struct: Struct, name: string, size: number) => boolean
type AssignPlain = (r: Reader, struct: Struct, name: string, read: Decode) => boolean

/**
 * The way to change a field of this type in place, for types whose values have no parts; undefined for the others.
 *
 * Each field gets a function of its own while there are any: an engine keeps one inline cache per place in the source, so code that always meets the same
 * property of the same shape is far cheaper than code shared by all fields, and a number read and stored by one function needs no box.
 * Generated code would do the same but cannot be had under `script-src 'self'`; repeated text costs next to nothing once compressed.
 */
export function assignOf(node: TypeNode, read: Decode): Assign | undefined {
  switch (node.kind) {
    case 'float32':
    case 'float64': {
      const size = node.kind === 'float64' ? 8 : 4
      const assign = floats[nextFloat++ % floats.length] as AssignFloat
      return (r, struct, name) => assign(r, struct, name, size)
    }
    case 'bool':
    case 'string':
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32': {
      const assign = plain[nextPlain++ % plain.length] as AssignPlain
      return (r, struct, name) => assign(r, struct, name, read)
    }
    default:
      return undefined
  }
}

let nextFloat = 0
let nextPlain = 0

const floats: readonly AssignFloat[] = [
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
  (r, o, name, size) => {
    if (r.pos + size > r.end) throw truncated(r)
    const v = size === 8 ? r.view.getFloat64(r.pos, true) : r.view.getFloat32(r.pos, true)
    r.pos += size
    const old = o[name] as number
    if (old === v || (Number.isNaN(old) && Number.isNaN(v))) return false
    o[name] = v
    return true
  },
]

const plain: readonly AssignPlain[] = [
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
  (r, o, name, read) => {
    const v = read(r)
    if (o[name] === v) return false
    o[name] = v
    return true
  },
]
