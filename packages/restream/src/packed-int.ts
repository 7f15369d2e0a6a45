import { RivuletError } from '@rivulet/wire'
import type { BinaryReader } from './binary-reader.ts'
import type { BinaryWriter } from './binary-writer.ts'

const MASK_64 = (1n << 64n) - 1n

/** Reads a packed integer of up to 64 bits (wire.md §1), as it was written: with its sign, not cut to any width. */
export function deserializePackedBigint(r: BinaryReader): bigint {
  const first = r.readByte()
  let magnitude = BigInt(first & 0x3f)
  if (first & 0x80) {
    const second = r.readByte()
    magnitude |= BigInt(second & 0x7f) << 6n
    if (second & 0x80) {
      const third = r.readUint16()
      magnitude |= BigInt(third & 0x7fff) << 13n
      if (third & 0x8000) {
        const fourth = r.readUint32()
        magnitude |= BigInt(fourth & 0x7fffffff) << 28n
        if (fourth >= 0x80000000) magnitude |= BigInt(r.readByte()) << 59n
      }
    }
  }
  return first & 0x40 ? -magnitude : magnitude
}

/** Reads a packed integer as a number. Throws `out-of-range` beyond ±2^53: it is never rounded (pitfall 3). */
export function deserializePackedInt(r: BinaryReader): number {
  const at = r.offset
  return exact(deserializePackedBigint(r), at)
}

/** Reads a packed integer and cuts it to its declared width, as the host does (wire.md §1; pitfall 4: the narrow minimums come in nine bytes). */
export function readInt(r: BinaryReader, bits: number, signed: boolean): number {
  const at = r.offset
  return exact(wrap(deserializePackedBigint(r), bits, signed), at)
}

/** The same for 64 bits, where a number may not do. */
export function readBigInt(r: BinaryReader, signed: boolean): bigint {
  return wrap(deserializePackedBigint(r), 64, signed)
}

function wrap(value: bigint, bits: number, signed: boolean): bigint {
  return signed ? BigInt.asIntN(bits, value & MASK_64) : BigInt.asUintN(bits, value & MASK_64)
}

function exact(value: bigint, offset: number): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number
  throw new RivuletError('out-of-range', `${value} does not fit a number`, {
    offset,
    hint: 'Read it with decodeInt64Big or decodeUint64Big.',
  })
}

/** Writes a packed integer in its shortest form. Throws `out-of-range` when it is not whole or needs more than 64 bits. */
export function serializePackedInt(value: number | bigint, w: BinaryWriter): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RivuletError('out-of-range', `${value} is no integer that can be written`, {
      hint: 'Beyond ±2^53 pass a bigint.',
    })
  }
  const negative = value < 0
  let rest = BigInt(value)
  if (negative) rest = -rest
  if (rest > MASK_64) throw new RivuletError('out-of-range', `${value} needs more than 64 bits`)
  const sign = negative ? 0x40 : 0
  const take = (bits: bigint): number => {
    const part = Number(rest & ((1n << bits) - 1n))
    rest >>= bits
    return part
  }
  const first = take(6n) | sign
  if (rest === 0n) return w.writeUint8(first)
  w.writeUint8(first | 0x80)
  const second = take(7n)
  if (rest === 0n) return w.writeUint8(second)
  w.writeUint8(second | 0x80)
  const third = take(15n)
  if (rest === 0n) return w.writeUint16(third)
  w.writeUint16(third + 0x8000)
  const fourth = take(31n)
  if (rest === 0n) return w.writeUint32(fourth)
  w.writeUint32(fourth + 0x80000000)
  w.writeUint8(Number(rest))
}
