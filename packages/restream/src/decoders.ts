import { RivuletError } from '@rivulet/wire'
import type { BinaryReader } from './binary-reader.ts'
import { MAX_DYNAMIC_DEPTH, varInfoFromReader } from './dynamic-types.ts'
import { isByte } from './is-byte.ts'
import { deserializePackedBigint, deserializePackedInt, readBigInt, readInt } from './packed-int.ts'
import {
  type FieldInfo,
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
} from './var-info.ts'

export { deserializePackedBigint, deserializePackedInt }

export const decodeInt8 = (r: BinaryReader): number => readInt(r, 8, true)
export const decodeInt16 = (r: BinaryReader): number => readInt(r, 16, true)
export const decodeInt32 = (r: BinaryReader): number => readInt(r, 32, true)
/** Throws `out-of-range` beyond ±2^53. */
export const decodeInt64 = (r: BinaryReader): number => readInt(r, 64, true)
export const decodeInt64Big = (r: BinaryReader): bigint => readBigInt(r, true)
export const decodeUint8 = (r: BinaryReader): number => readInt(r, 8, false)
export const decodeUint16 = (r: BinaryReader): number => readInt(r, 16, false)
/** Not cut to 32 bits: generated code reads the lengths of structs with it, and a length that wraps is how few bytes cost much. A field of type uint32 is cut. */
export const decodeUint32: (r: BinaryReader) => number = deserializePackedInt
/** Throws `out-of-range` beyond 2^53. */
export const decodeUint64 = (r: BinaryReader): number => readInt(r, 64, false)
export const decodeUint64Big = (r: BinaryReader): bigint => readBigInt(r, false)
export const decodeFloat32 = (r: BinaryReader): number => r.readFloat32()
export const decodeFloat64 = (r: BinaryReader): number => r.readFloat64()
export const decodeString = (r: BinaryReader): string => r.readString(decodeLength(r))
export const decodeTime = (r: BinaryReader): Date => new Date(decodeInt64(r))

export function decodeBoolean(r: BinaryReader): boolean {
  const offset = r.offset
  const byte = r.readByte()
  if (byte > 1) throw new RivuletError('malformed', `${byte} is not a boolean`, { offset })
  return byte === 1
}

// Not cut to 32 bits and not below zero: a length that wraps is how three bytes hang a page (pitfall 15).
function decodeLength(r: BinaryReader): number {
  const offset = r.offset
  const length = deserializePackedInt(r)
  if (length < 0) throw new RivuletError('malformed', `a length of ${length}`, { offset })
  return length
}

/** The fields of a struct with ids; those that `fields` does not know are skipped. */
export function decodeFieldMap(r: BinaryReader, fields: ReadonlyMap<number, FieldInfo>): Map<number, unknown> {
  const values = new Map<number, unknown>()
  while (!r.isEOF()) {
    const id = r.readByte()
    const entry = r.slice(decodeLength(r))
    const field = fields.get(id)
    if (field !== undefined) values.set(id, deserializeValue(entry, field.varInfo))
  }
  return values
}

/** One value. Its type is what generated code assigns it to. */
export function deserializeValue<T>(r: BinaryReader, vi: VarInfo): T {
  return read(r, vi, 0) as T
}

/** A value behind a pointer: `undefined` when there is none, `null` when there is a pointer that points to nothing. */
export function deserializePointerValue<T>(r: BinaryReader, vi: VarInfoPointer): T | null | undefined {
  return readPointer(r, vi, 0) as T | null | undefined
}

export function deserializeArrayValue<T>(r: BinaryReader, vi: VarInfoArray): T {
  return readArray(r, vi, 0) as T
}

export function deserializeMapValue<K, V>(r: BinaryReader, vi: VarInfoMap): Map<K, V> | Set<K> | undefined {
  return readMap(r, vi, 0) as Map<K, V> | Set<K> | undefined
}

export function deserializeDynamicValue(r: BinaryReader, _vi: VarInfoDynamic): unknown {
  return readDynamic(r, 0)
}

export function deserializeStructValue<T>(r: BinaryReader, vi: VarInfoStruct): T {
  if (vi.deserializer === undefined) {
    throw new RivuletError('schema', `the struct ${vi.name} has no class`, { hint: 'Generate its package again.' })
  }
  return vi.deserializer.deserialized(r, vi) as T
}

/** `depth` counts dynamic values inside one another; everything else nests as deep as the schema does. */
function read(r: BinaryReader, vi: VarInfo, depth: number): unknown {
  if (vi instanceof VarInfoPrimitive) return depth > 0 ? readUntyped(r, vi) : readPrimitive(r, vi)
  if (vi instanceof VarInfoStruct) return deserializeStructValue(r, vi)
  if (vi instanceof VarInfoPointer) return readPointer(r, vi, depth)
  if (vi instanceof VarInfoArray) return readArray(r, vi, depth)
  if (vi instanceof VarInfoMap) return readMap(r, vi, depth)
  if (vi instanceof VarInfoDynamic) return readDynamic(r, depth)
  throw new RivuletError('schema', 'a type parameter has not been filled in')
}

/** In an `any` no type promises a number, so a wide integer that does not fit one is a bigint. */
function readUntyped(r: BinaryReader, vi: VarInfoPrimitive): unknown {
  const signed = vi.dataType === SerializationType.Int64
  if (!signed && vi.dataType !== SerializationType.Uint64) return readPrimitive(r, vi)
  const value = readBigInt(r, signed)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function readPrimitive(r: BinaryReader, { dataType }: VarInfoPrimitive): unknown {
  switch (dataType) {
    case SerializationType.Bool:
      return decodeBoolean(r)
    case SerializationType.String:
      return decodeString(r)
    case SerializationType.Int8:
      return decodeInt8(r)
    case SerializationType.Int16:
      return decodeInt16(r)
    case SerializationType.Int32:
      return decodeInt32(r)
    case SerializationType.Int64:
      return decodeInt64(r)
    case SerializationType.Uint8:
      return decodeUint8(r)
    case SerializationType.Uint16:
      return decodeUint16(r)
    case SerializationType.Uint32:
      return readInt(r, 32, false)
    case SerializationType.Uint64:
      return decodeUint64(r)
    case SerializationType.Float32:
      return decodeFloat32(r)
    case SerializationType.Float64:
      return decodeFloat64(r)
    case SerializationType.Time:
      return decodeTime(r)
    default:
      throw new RivuletError('schema', `${dataType} is not a simple type`)
  }
}

function isNil(r: BinaryReader, notNil: boolean): boolean {
  return !notNil && decodeBoolean(r)
}

function readPointer(r: BinaryReader, vi: VarInfoPointer, depth: number): unknown {
  if (isNil(r, vi.notNil)) return undefined
  const value = read(r, vi.subType, depth)
  return value === undefined && vi.subType instanceof VarInfoPointer ? null : value
}

// Nothing is allocated for a count before its elements have been read (pitfall 17).
function readArray(r: BinaryReader, { notNil, elemType }: VarInfoArray, depth: number): unknown {
  if (isNil(r, notNil)) return undefined
  const length = decodeLength(r)
  if (isByte(elemType)) return r.readBytes(length)
  const values: unknown[] = []
  for (let i = 0; i < length; i++) {
    const before = r.offset
    values.push(read(r, elemType, depth))
    // Elements without bytes (empty structs) would let a count of nine bytes run for ever.
    if (r.offset === before && length > MAX_EMPTY)
      throw new RivuletError('malformed', `${length} elements without a byte`, { offset: before })
  }
  return values
}

/** Elements that take no bytes, in one list. */
const MAX_EMPTY = 1 << 16

function readMap(r: BinaryReader, { notNil, keyType, elemType }: VarInfoMap, depth: number): unknown {
  if (isNil(r, notNil)) return undefined
  const size = decodeLength(r)
  if (elemType === undefined) {
    const keys = new Set<unknown>()
    for (let i = 0; i < size; i++) keys.add(read(r, keyType, depth))
    return keys
  }
  const entries = new Map<unknown, unknown>()
  for (let i = 0; i < size; i++) {
    const key = read(r, keyType, depth)
    entries.set(key, read(r, elemType, depth))
  }
  return entries
}

function readDynamic(r: BinaryReader, depth: number): unknown {
  if (depth >= MAX_DYNAMIC_DEPTH)
    throw new RivuletError('too-deep', 'dynamic values nested too deeply', { offset: r.offset })
  const offset = r.offset
  const type = varInfoFromReader(r)
  if (type === undefined || type instanceof VarInfoDynamic) {
    throw new RivuletError('malformed', 'a dynamic value without a type', { offset })
  }
  return read(r, type, depth + 1)
}
