import { RivuletError } from '@rivulet/wire'
import { BinaryWriter } from './binary-writer.ts'
import { isByte } from './is-byte.ts'
import { varInfoFromObj } from './dynamic-types.ts'
import { serializePackedInt } from './packed-int.ts'
import {
  type FieldInfo,
  type Serializable,
  SerializationType,
  type VarInfo,
  VarInfoArray,
  VarInfoDynamic,
  VarInfoMap,
  VarInfoPointer,
  VarInfoPrimitive,
  VarInfoStruct,
} from './var-info.ts'

export { serializePackedInt }

const utf8 = new TextEncoder()

type Int = number | bigint

function intEncoder(name: string, min: bigint, max: bigint): (value: Int, w: BinaryWriter) => void {
  return (value, w) => {
    if (value < min || value > max) throw new RivuletError('out-of-range', `${value} is not of type ${name}`)
    serializePackedInt(value, w)
  }
}

export const encodeInt8: (value: Int, w: BinaryWriter) => void = intEncoder('int8', -0x80n, 0x7fn)
export const encodeInt16: (value: Int, w: BinaryWriter) => void = intEncoder('int16', -0x8000n, 0x7fffn)
export const encodeInt32: (value: Int, w: BinaryWriter) => void = intEncoder('int32', -0x80000000n, 0x7fffffffn)
export const encodeInt64: (value: Int, w: BinaryWriter) => void = intEncoder('int64', -(1n << 63n), (1n << 63n) - 1n)
export const encodeUint8: (value: Int, w: BinaryWriter) => void = intEncoder('uint8', 0n, 0xffn)
export const encodeUint16: (value: Int, w: BinaryWriter) => void = intEncoder('uint16', 0n, 0xffffn)
export const encodeUint32: (value: Int, w: BinaryWriter) => void = intEncoder('uint32', 0n, 0xffffffffn)
export const encodeUint64: (value: Int, w: BinaryWriter) => void = intEncoder('uint64', 0n, (1n << 64n) - 1n)
export const encodeBoolean = (value: boolean, w: BinaryWriter): void => w.writeUint8(value ? 1 : 0)
export const encodeFloat32 = (value: number, w: BinaryWriter): void => w.writeFloat32(value)
export const encodeFloat64 = (value: number, w: BinaryWriter): void => w.writeFloat64(value)
export const encodeTime = (value: Date, w: BinaryWriter): void => encodeInt64(value.getTime(), w)

/** The length that travels counts bytes, not UTF-16 units (pitfall 2). */
export function encodeString(value: string, w: BinaryWriter): void {
  const bytes = utf8.encode(value)
  serializePackedInt(bytes.length, w)
  w.writeBytes(bytes)
}

/** One field of a struct with ids; nothing for `undefined`. */
export function serializeField(value: unknown, field: FieldInfo, w: BinaryWriter): void {
  if (value === undefined) return
  if (field.fieldID === undefined) throw new RivuletError('schema', 'a field without an id', { path: [field.name] })
  w.writeUint8(field.fieldID)
  const body = new BinaryWriter()
  serializeValue(value, body, field.varInfo)
  const bytes = body.getBytes()
  serializePackedInt(bytes.length, w)
  w.writeBytes(bytes)
}

/** One value of type `vi`. Throws `invalid-value` or `out-of-range` for one that does not fit. */
export function serializeValue(value: unknown, w: BinaryWriter, vi: VarInfo): void {
  if (vi instanceof VarInfoPrimitive) return serializePrimitiveValue(value, w, vi)
  if (vi instanceof VarInfoStruct) return serializeStructValue(value, w, vi)
  if (vi instanceof VarInfoPointer) return serializePointerValue(value, w, vi)
  if (vi instanceof VarInfoArray) return serializeArrayValue(value as unknown[] | undefined, w, vi)
  if (vi instanceof VarInfoMap) return serializeMapValue(value as Map<unknown, unknown> | undefined, w, vi)
  if (vi instanceof VarInfoDynamic) return serializeDynamicValue(value, w, vi)
  throw new RivuletError('schema', 'a type parameter has not been filled in')
}

export function serializePrimitiveValue(value: unknown, w: BinaryWriter, { dataType }: VarInfoPrimitive): void {
  switch (dataType) {
    case SerializationType.Bool:
      return encodeBoolean(value as boolean, w)
    case SerializationType.String:
      return encodeString(need<string>(value, 'string'), w)
    case SerializationType.Int8:
      return encodeInt8(value as Int, w)
    case SerializationType.Int16:
      return encodeInt16(value as Int, w)
    case SerializationType.Int32:
      return encodeInt32(value as Int, w)
    case SerializationType.Int64:
      return encodeInt64(value as Int, w)
    case SerializationType.Uint8:
      return encodeUint8(value as Int, w)
    case SerializationType.Uint16:
      return encodeUint16(value as Int, w)
    case SerializationType.Uint32:
      return encodeUint32(value as Int, w)
    case SerializationType.Uint64:
      return encodeUint64(value as Int, w)
    case SerializationType.Float32:
      return encodeFloat32(need<number>(value, 'number'), w)
    case SerializationType.Float64:
      return encodeFloat64(need<number>(value, 'number'), w)
    case SerializationType.Time:
      if (value instanceof Date) return encodeTime(value, w)
      throw new RivuletError('invalid-value', 'a time is a Date')
    default:
      throw new RivuletError('schema', `${dataType} is not a simple type`)
  }
}

function need<T>(value: unknown, type: string): T {
  if (typeof value === type) return value as T
  throw new RivuletError('invalid-value', `expected a ${type}, got ${value === null ? 'null' : typeof value}`)
}

/** Writes whether the value is nil, when its type can be. True: there is nothing more to write. */
function writeNil(value: unknown, w: BinaryWriter, notNil: boolean): boolean {
  const nil = value === undefined || value === null
  if (!notNil) w.writeUint8(nil ? 1 : 0)
  else if (nil) throw new RivuletError('invalid-value', 'a value that cannot be nil is missing')
  return nil
}

export function serializePointerValue(value: unknown, w: BinaryWriter, vi: VarInfoPointer): void {
  if (value === null && vi.subType instanceof VarInfoPointer) {
    if (!vi.notNil) w.writeUint8(0)
    serializePointerValue(undefined, w, vi.subType)
    return
  }
  if (!writeNil(value, w, vi.notNil)) serializeValue(value, w, vi.subType)
}

export function serializeArrayValue<T>(
  value: readonly T[] | Uint8Array | undefined,
  w: BinaryWriter,
  vi: VarInfoArray,
): void {
  if (writeNil(value, w, vi.notNil) || value === undefined) return
  serializePackedInt(value.length, w)
  if (isByte(vi.elemType))
    w.writeBytes(value instanceof Uint8Array ? value : Uint8Array.from(value as readonly unknown[] as number[]))
  else for (const element of value) serializeValue(element, w, vi.elemType)
}

export function serializeMapValue<K, V>(value: Map<K, V> | Set<K> | undefined, w: BinaryWriter, vi: VarInfoMap): void {
  if (writeNil(value, w, vi.notNil) || value === undefined) return
  serializePackedInt(value.size, w)
  for (const [key, element] of value.entries()) {
    serializeValue(key, w, vi.keyType)
    if (vi.elemType !== undefined) serializeValue(element, w, vi.elemType)
  }
}

export function serializeStructValue(value: unknown, w: BinaryWriter, vi: VarInfoStruct): void {
  const struct = value as Partial<Serializable> | null | undefined
  if (typeof struct?.serialize !== 'function') {
    throw new RivuletError('invalid-value', `expected an instance of ${vi.name}`, {
      hint: `Make it with ${vi.name}.fromValues(…).`,
    })
  }
  struct.serialize(w, vi)
}

export function serializeDynamicValue(value: unknown, w: BinaryWriter, _vi: VarInfoDynamic): void {
  const type = varInfoFromObj(value)
  w.writeBytes(type.getSerializationData())
  serializeValue(value, w, type)
}
