import { RivuletError } from '@rivulet/wire'
import type { BinaryReader } from './binary-reader.ts'
import {
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
} from './var-info.ts'

/** How deep descriptors and dynamic values may nest (pitfall 18). */
export const MAX_DYNAMIC_DEPTH = 64

/** Reads a type descriptor; `undefined` for the void that stands for the elements of a set. Throws `malformed` for unknown codes, `too-deep` beyond 64 levels. */
export function varInfoFromReader(r: BinaryReader, depth = 0): VarInfo | undefined {
  if (depth >= MAX_DYNAMIC_DEPTH)
    throw new RivuletError('too-deep', 'a type descriptor nested too deeply', { offset: r.offset })
  const offset = r.offset
  const code = r.readByte() as SerializationType
  if (code >= SerializationType.Bool && code <= SerializationType.Time) return new VarInfoPrimitive(code)
  const next = (): VarInfo | undefined => varInfoFromReader(r, depth + 1)
  const type = (): VarInfo => {
    const found = next()
    if (found === undefined) throw new RivuletError('malformed', 'a void in place of a type', { offset })
    return found
  }
  switch (code) {
    case SerializationType.Pointer:
      return new VarInfoPointer(false, type())
    case SerializationType.Array:
      return new VarInfoArray(false, type())
    case SerializationType.Map:
      return new VarInfoMap(false, keyType(type(), offset), next())
    case SerializationType.Dynamic:
      return new VarInfoDynamic()
    case SerializationType.Void:
      return undefined
    default:
      throw new RivuletError('malformed', `${code} is not a type descriptor`, { offset })
  }
}

function keyType(type: VarInfo, offset: number): VarInfo {
  if (type instanceof VarInfoPrimitive && type.dataType !== SerializationType.Time) return type
  throw new RivuletError('malformed', 'the keys of a map are of a simple type', { offset })
}

/**
 * The type with which a plain value travels as `any`: whole numbers and bigints are int64 (uint64 above), other numbers float64; a list or map of mixed or no values holds
 * `any`. Throws `invalid-value` for plain objects and functions (pitfall 13).
 */
export function varInfoFromObj(value: unknown): VarInfo {
  switch (typeof value) {
    case 'boolean':
      return new VarInfoPrimitive(SerializationType.Bool)
    case 'string':
      return new VarInfoPrimitive(SerializationType.String)
    case 'number':
      return new VarInfoPrimitive(Number.isSafeInteger(value) ? SerializationType.Int64 : SerializationType.Float64)
    case 'bigint':
      return new VarInfoPrimitive(value > 0x7fffffffffffffffn ? SerializationType.Uint64 : SerializationType.Int64)
    case 'undefined':
      return nothing()
    case 'object':
      return ofObject(value)
    default:
      throw new RivuletError('invalid-value', `a ${typeof value} cannot travel in an \`any\``)
  }
}

function ofObject(value: object | null): VarInfo {
  if (value === null) return nothing()
  if (value instanceof Date) return new VarInfoPrimitive(SerializationType.Time)
  if (value instanceof Uint8Array) return new VarInfoArray(false, new VarInfoPrimitive(SerializationType.Uint8))
  if (Array.isArray(value)) return new VarInfoArray(false, common(value))
  if (value instanceof Map) return new VarInfoMap(false, commonKey([...value.keys()]), common([...value.values()]))
  if (value instanceof Set) return new VarInfoMap(false, commonKey([...value]), undefined)
  throw new RivuletError('invalid-value', 'a plain object cannot travel in an `any`', { hint: 'Use a Map.' })
}

function nothing(): VarInfo {
  return new VarInfoPointer(false, new VarInfoPrimitive(SerializationType.Int64))
}

function common(values: readonly unknown[]): VarInfo {
  const types = values.map(varInfoFromObj)
  const [first] = types
  if (first === undefined) return new VarInfoDynamic()
  const wanted = String(first.getSerializationData())
  return types.every((type) => String(type.getSerializationData()) === wanted) ? first : new VarInfoDynamic()
}

function commonKey(keys: readonly unknown[]): VarInfo {
  const type = keys.length === 0 ? new VarInfoPrimitive(SerializationType.String) : common(keys)
  if (type instanceof VarInfoPrimitive) return type
  throw new RivuletError('invalid-value', 'the keys of a map or set in an `any` are of one simple type')
}
