import {
  readBool,
  readBytes,
  readFloat32,
  readFloat64,
  readInt64AsBigint,
  readInt64AsNumber,
  readPacked32,
  readTimeMillis,
  type Reader,
} from './reader.ts'
import { readString } from './read-string.ts'
import type { TypeNode } from './schema.ts'

/** Reads one value at the reader's position. */
export type Decode = (r: Reader) => unknown

const readInt8 = (r: Reader): number => (readPacked32(r) << 24) >> 24
const readInt16 = (r: Reader): number => (readPacked32(r) << 16) >> 16
const readUint8 = (r: Reader): number => readPacked32(r) & 0xff
const readUint16 = (r: Reader): number => readPacked32(r) & 0xffff
const readUint32 = (r: Reader): number => readPacked32(r) >>> 0
const readInt64 = (r: Reader): number => readInt64AsNumber(r, false)
const readDate = (r: Reader): Date => new Date(readTimeMillis(r))

/** The decoder of a type without parts; for bytes, of those that are not null. Undefined for all others. */
export function simpleDecoder(node: TypeNode): Decode | undefined {
  switch (node.kind) {
    case 'bool':
      return readBool
    case 'string':
      return readString
    case 'int8':
      return readInt8
    case 'int16':
      return readInt16
    case 'int32':
      return readPacked32
    case 'uint8':
      return readUint8
    case 'uint16':
      return readUint16
    case 'uint32':
      return readUint32
    case 'int64':
      return node.as === 'bigint' ? (r) => readInt64AsBigint(r, false) : readInt64
    case 'uint64':
      return node.as === 'bigint' ? (r) => readInt64AsBigint(r, true) : (r) => readInt64AsNumber(r, true)
    case 'float32':
      return readFloat32
    case 'float64':
      return readFloat64
    case 'time':
      return node.as === 'millis' ? readTimeMillis : readDate
    case 'bytes':
      return readBytes
    default:
      return undefined
  }
}

/**
 * The types that decoders of structs, lists and maps read themselves, without a call through a variable. Their places here are the numbers that the `switch` below and the one in decode-struct.ts
 * have for them: numbers and not named constants, because an engine makes a jump table of the former only.
 */
const DIRECT: readonly Decode[] = [
  readBool,
  readString,
  readFloat32,
  readFloat64,
  readPacked32,
  readUint8,
  readUint16,
  readUint32,
  readInt64,
  readTimeMillis,
  readDate,
]

/** The place of this decoder among the types above; -1 where it has none. */
export function directIndex(decode: Decode): number {
  return DIRECT.indexOf(decode)
}

/** Calls `decode`; where `direct` names it, as a call in place, which an engine can inline where a call through a variable that varies is not. */
export function readAs(direct: number, r: Reader, decode: Decode): unknown {
  switch (direct) {
    case 0: // bool
      return readBool(r)
    case 1: // string
      return readString(r)
    case 2: // float32
      return readFloat32(r)
    case 3: // float64
      return readFloat64(r)
    case 4: // int32
      return readPacked32(r)
    case 5: // uint8
      return readUint8(r)
    case 6: // uint16
      return readUint16(r)
    case 7: // uint32
      return readUint32(r)
    default:
      return decode(r)
  }
}
