import { RivuletError } from './errors.ts'
import type { TypeNode } from './schema.ts'
import {
  invalid,
  writeFloat32,
  writeFloat64,
  writePacked,
  writePackedBig,
  writeRaw,
  writeString,
  writeU8,
  type Writer,
} from './writer.ts'

/** Appends one value. */
export type Encode = (w: Writer, value: unknown) => void

/** The encoder of a type without parts; for bytes, of those that are not null. Undefined for all others. */
export function simpleEncoder(node: TypeNode): Encode | undefined {
  switch (node.kind) {
    case 'bool':
      return encodeBool
    case 'string':
      return encodeString
    case 'int8':
      return intEncoder(-0x80, 0x7f)
    case 'int16':
      return intEncoder(-0x8000, 0x7fff)
    case 'int32':
      return intEncoder(-0x80000000, 0x7fffffff)
    case 'uint8':
      return intEncoder(0, 0xff)
    case 'uint16':
      return intEncoder(0, 0xffff)
    case 'uint32':
      return intEncoder(0, 0xffffffff)
    case 'int64':
      return wideEncoder(-(1n << 63n), (1n << 63n) - 1n)
    case 'uint64':
      return wideEncoder(0n, (1n << 64n) - 1n)
    case 'float32':
      return encodeFloat32
    case 'float64':
      return encodeFloat64
    case 'time':
      return encodeTime
    case 'bytes':
      return encodeBytes
    default:
      return undefined
  }
}

/** Whether `v` is a built-in of this tag, from this realm or another (an iframe, a test environment). */
export function isBuiltIn(v: unknown, tag: 'Map' | 'Set' | 'Date' | 'Uint8Array'): boolean {
  return Object.prototype.toString.call(v) === `[object ${tag}]`
}

/** The error for a value of the wrong type. */
export function wrong(expected: string, got: unknown): RivuletError {
  const kind = Object.prototype.toString.call(got).slice(8, -1)
  const simple = ['number', 'bigint', 'boolean'].includes(typeof got)
  return invalid(`expected ${expected}, got ${simple ? `${typeof got} ${String(got)}` : kind}`)
}

function outOfRange(v: number | bigint, min: number | bigint, max: number | bigint): RivuletError {
  return new RivuletError('out-of-range', `${v} is not between ${min} and ${max}`)
}

const encodeBool: Encode = (w, v) => {
  if (typeof v !== 'boolean') throw wrong('a boolean', v)
  writeU8(w, v ? 1 : 0)
}

const encodeString: Encode = (w, v) => {
  if (typeof v !== 'string') throw wrong('a string', v)
  writeString(w, v)
}

const encodeFloat32: Encode = (w, v) => {
  if (typeof v !== 'number') throw wrong('a number', v)
  writeFloat32(w, v)
}

const encodeFloat64: Encode = (w, v) => {
  if (typeof v !== 'number') throw wrong('a number', v)
  writeFloat64(w, v)
}

const encodeBytes: Encode = (w, v) => {
  if (!isBuiltIn(v, 'Uint8Array')) throw wrong('a Uint8Array', v)
  writePacked(w, (v as Uint8Array).length)
  writeRaw(w, v as Uint8Array)
}

function intEncoder(min: number, max: number): Encode {
  return (w, v) => {
    if (typeof v !== 'number' || !Number.isInteger(v)) throw wrong('an integer', v)
    if (v < min || v > max) throw outOfRange(v, min, max)
    writePacked(w, v)
  }
}

function wideEncoder(min: bigint, max: bigint): Encode {
  return (w, v) => {
    if (typeof v === 'number') {
      if (!Number.isInteger(v)) throw wrong('an integer', v)
      if (!Number.isSafeInteger(v)) {
        throw new RivuletError('out-of-range', `${v} is not exact as a number`, {
          hint: 'Pass a bigint.',
        })
      }
      if (min === 0n && v < 0) throw outOfRange(v, min, max)
      writePacked(w, v)
      return
    }
    if (typeof v !== 'bigint') throw wrong('an integer', v)
    if (v < min || v > max) throw outOfRange(v, min, max)
    writePackedBig(w, v)
  }
}

/** What a `Date` can hold, in milliseconds either side of the epoch. */
const MAX_MILLIS = 8.64e15

const encodeTime: Encode = (w, v) => {
  const millis = isBuiltIn(v, 'Date') ? (v as Date).getTime() : v
  if (typeof millis !== 'number') throw wrong('a Date or Unix milliseconds', v)
  if (Number.isNaN(millis)) throw invalid('an invalid Date')
  if (Math.abs(millis) > MAX_MILLIS) throw outOfRange(millis, -MAX_MILLIS, MAX_MILLIS)
  writePacked(w, Math.floor(millis))
}
