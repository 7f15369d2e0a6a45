import { RivuletError } from './errors.ts'

const TWO_28 = 2 ** 28
const MASK_64 = (1n << 64n) - 1n

/** Nesting that a reader follows before it refuses: deeper data is hostile, and JavaScript's stack would end first. */
export const MAX_DEPTH = 256

/**
 * A cursor over one message. `end` is the limit in force: a field entry narrows it to its own bytes, so nothing below can read past it.
 *
 * One class because every compiled decoder touches `pos` and `end`: a fixed shape keeps those accesses monomorphic.
 */
export class Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  pos: number
  end: number
  /** Structs entered and not yet left. */
  depth = 0
  /** Dynamic values and their containers entered and not yet left. */
  dynamicDepth = 0
  /**
   * Field values of the structs in progress, innermost last: collected here, so that an object is made when all of them are known. Not empty at first, because engines store lists of numbers in other
   * ways, and code that meets all of them is slower.
   */
  readonly stack: unknown[] = [undefined]
  top = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.pos = 0
    this.end = bytes.byteLength
  }
}

/**
 * Views any binary container as plain bytes; honours `byteOffset` (pitfall 9) and takes containers of another realm (pitfall 10). Nothing is copied,
 * except from shared memory, which could change under the reader and which `TextDecoder` refuses. Throws `invalid-value` for anything else.
 *
 * @example
 * socket.onmessage = (e) => decodeState(BoardStore, toBytes(e.data))
 */
export function toBytes(input: unknown): Uint8Array {
  // A Node Buffer is a Uint8Array whose `slice` does not copy, hence the check of the constructor.
  if (input instanceof Uint8Array && input.constructor === Uint8Array && input.length > 0 && !isShared(input.buffer))
    return input
  const view = ArrayBuffer.isView(input)
  const buffer = view ? input.buffer : input
  if (!isShared(buffer) && tagOf(buffer) !== '[object ArrayBuffer]') {
    throw new RivuletError('invalid-value', `expected binary data, got ${tagOf(input).slice(8, -1)}`)
  }
  // A detached buffer cannot be viewed; its bytes are gone, so it reads as empty.
  if ((input as ArrayBuffer).byteLength === 0) return new Uint8Array(0)
  const bytes = view
    ? new Uint8Array(buffer as ArrayBuffer, input.byteOffset, input.byteLength)
    : new Uint8Array(buffer as ArrayBuffer)
  return isShared(buffer) ? new Uint8Array(bytes) : bytes
}

// Buffers of another realm fail `instanceof`, but keep their tag.
function tagOf(v: unknown): string {
  return Object.prototype.toString.call(v)
}

function isShared(buffer: unknown): boolean {
  return tagOf(buffer) === '[object SharedArrayBuffer]'
}

/** The error for bytes that end too early. */
export function truncated(r: Reader): RivuletError {
  return new RivuletError('truncated', 'the data ends inside a value', { offset: r.pos })
}

/** The error for bytes that no writer emits. */
export function malformed(r: Reader, what: string): RivuletError {
  return new RivuletError('malformed', what, { offset: r.pos })
}

export function readU8(r: Reader): number {
  if (r.pos >= r.end) throw truncated(r)
  return r.bytes[r.pos++] as number
}

export function readBool(r: Reader): boolean {
  const b = readU8(r)
  if (b > 1) {
    r.pos--
    throw malformed(r, `a bool is 0 or 1, not ${b}`)
  }
  return b === 1
}

/** Reads a null flag: true = null. */
export function readNullFlag(r: Reader): boolean {
  const b = readU8(r)
  if (b > 1) {
    r.pos--
    throw malformed(r, `a null flag is 0 or 1, not ${b}`)
  }
  return b === 1
}

/** A packed integer reduced modulo 2^32, as int32: all that the narrow widths need (wire.md §1). */
export function readPacked32(r: Reader): number {
  const pos = r.pos
  if (pos < r.end) {
    const b0 = r.bytes[pos] as number
    if (b0 < 0x40) {
      r.pos = pos + 1
      return b0
    }
  }
  return readPacked32Long(r)
}

// Apart from the one-byte form, so that the latter is small enough to be inlined.
function readPacked32Long(r: Reader): number {
  let pos = r.pos
  const { bytes, end } = r
  if (pos >= end) throw truncated(r)
  const b0 = bytes[pos++] as number
  let mag = b0 & 0x3f
  if (b0 & 0x80) {
    if (pos >= end) throw truncated(r)
    const b1 = bytes[pos++] as number
    mag |= (b1 & 0x7f) << 6
    if (b1 & 0x80) {
      if (pos + 2 > end) throw truncated(r)
      const hi = bytes[pos + 1] as number
      mag |= ((bytes[pos] as number) | ((hi & 0x7f) << 8)) << 13
      pos += 2
      if (hi & 0x80) {
        if (pos + 4 > end) throw truncated(r)
        mag |= (bytes[pos] as number) << 28
        pos += 4
        if ((bytes[pos - 1] as number) & 0x80) {
          if (pos >= end) throw truncated(r)
          pos++ // bits 59 and up: none of them reaches the low 32
        }
      }
    }
  }
  r.pos = pos
  return b0 & 0x40 ? -mag | 0 : mag
}

/**
 * A packed integer as the exact value modulo 2^64: a number while the magnitude is safe, else a bigint.
 * Signed reinterpretation to int64 is done for both; an unsigned reader passes `unsigned`.
 */
export function readPacked64(r: Reader, unsigned: boolean): number | bigint {
  if (r.pos >= r.end) throw truncated(r)
  const bytes = r.bytes
  const b0 = bytes[r.pos] as number
  if (b0 < 0x40) {
    r.pos++
    return b0
  }
  let pos = r.pos + 1
  let mag = b0 & 0x3f
  let top = 0
  let high = 0
  if (b0 & 0x80) {
    if (pos >= r.end) throw truncated(r)
    const b1 = bytes[pos++] as number
    mag |= (b1 & 0x7f) << 6
    if (b1 & 0x80) {
      if (pos + 2 > r.end) throw truncated(r)
      const lo = bytes[pos] as number
      const hi = bytes[pos + 1] as number
      pos += 2
      mag |= (lo | ((hi & 0x7f) << 8)) << 13
      if (hi & 0x80) {
        if (pos + 4 > r.end) throw truncated(r)
        const word = r.view.getUint32(pos, true)
        pos += 4
        high = word & 0x7fffffff
        if (word & 0x80000000) {
          if (pos >= r.end) throw truncated(r)
          top = (bytes[pos++] as number) & 0x1f
        }
      }
    }
  }
  r.pos = pos
  const negative = (b0 & 0x40) !== 0
  const exact = mag + high * TWO_28
  if (top === 0 && exact <= Number.MAX_SAFE_INTEGER) {
    if (!negative || exact === 0) return exact
    if (!unsigned) return -exact
  }
  let wide = BigInt(mag) + (BigInt(high) << 28n) + (BigInt(top) << 59n)
  if (negative) wide = -wide & MASK_64
  return unsigned ? wide : BigInt.asIntN(64, wide)
}

/** What a `Date` can hold, in milliseconds either side of the epoch. */
const MAX_MILLIS = 8.64e15

/**
 * The packed integer that takes exactly the `size` bytes at `pos`, where that many are there; undefined beyond what a `Date` can hold and in forms that no writer emits, for which {@link readPacked64}
 * is there.
 */
export function wideAt(r: Reader, pos: number, size: number): number | undefined {
  const { bytes } = r
  const b0 = bytes[pos] as number
  if (size === 1 && b0 < 0x80) return signed(b0, b0 & 0x3f)
  if (b0 < 0x80 || (size !== 2 && size !== 4 && size !== 8)) return undefined
  const b1 = bytes[pos + 1] as number
  let mag = (b0 & 0x3f) | ((b1 & 0x7f) << 6)
  if (size === 2) return b1 < 0x80 ? signed(b0, mag) : undefined
  const b3 = bytes[pos + 3] as number
  if (b1 < 0x80) return undefined
  mag |= ((bytes[pos + 2] as number) << 13) | ((b3 & 0x7f) << 21)
  if (size === 4) return b3 < 0x80 ? signed(b0, mag) : undefined
  if (b3 < 0x80) return undefined
  const exact = mag + r.view.getUint32(pos + 4, true) * TWO_28
  return exact <= MAX_MILLIS ? signed(b0, exact) : undefined
}

// Zero has no sign.
function signed(b0: number, mag: number): number {
  return b0 & 0x40 && mag > 0 ? -mag : mag
}

/** A 64-bit integer as a number; throws `out-of-range` rather than rounding (pitfall 3). */
export function readInt64AsNumber(r: Reader, unsigned: boolean): number {
  const at = r.pos
  const v = readPacked64(r, unsigned)
  if (typeof v === 'number') return v
  const n = Number(v)
  if (!Number.isSafeInteger(n)) {
    throw new RivuletError('out-of-range', `${v} does not fit a JavaScript number`, {
      offset: at,
      hint: "Declare the field with as: 'bigint'.",
    })
  }
  return n
}

export function readInt64AsBigint(r: Reader, unsigned: boolean): bigint {
  return BigInt(readPacked64(r, unsigned))
}

/** Unix milliseconds; throws `out-of-range` outside what a `Date` can hold. */
export function readTimeMillis(r: Reader): number {
  const at = r.pos
  const v = readPacked64(r, false)
  if (typeof v !== 'number' || v > MAX_MILLIS || v < -MAX_MILLIS) {
    throw new RivuletError('out-of-range', `${v} ms is outside the range of a Date`, {
      offset: at,
    })
  }
  return v
}

/** A length or count: non-negative, and never more than what is left (pitfalls 15 to 17). */
export function readLength(r: Reader): number {
  const pos = r.pos
  if (pos < r.end) {
    const b0 = r.bytes[pos] as number
    if (b0 < 0x40 && b0 < r.end - pos) {
      r.pos = pos + 1
      return b0
    }
  }
  return readLengthLong(r)
}

function readLengthLong(r: Reader): number {
  const at = r.pos
  const v = readPacked64(r, false)
  if (v < 0) {
    r.pos = at
    throw malformed(r, `a length cannot be negative (${v})`)
  }
  if (typeof v !== 'number' || v > r.end - r.pos) {
    r.pos = at
    throw new RivuletError('truncated', `a length of ${v} with ${r.end - at} bytes left`, {
      offset: at,
    })
  }
  return v
}

/** A count of elements that take at least `minSize` bytes each; bounded by what is left before anything is allocated. */
export function readCount(r: Reader, minSize: number): number {
  const at = r.pos
  const n = readLength(r)
  if (minSize > 1 && n * minSize > r.end - r.pos) {
    r.pos = at
    throw new RivuletError('truncated', `${n} elements announced with ${r.end - at} bytes left`, {
      offset: at,
    })
  }
  return n
}

/** Bytes, copied: the message buffer may be reused or transferred. */
export function readBytes(r: Reader): Uint8Array {
  const n = readLength(r)
  const out = r.bytes.slice(r.pos, r.pos + n)
  r.pos += n
  return out
}

export function readFloat32(r: Reader): number {
  if (r.pos + 4 > r.end) throw truncated(r)
  const v = r.view.getFloat32(r.pos, true)
  r.pos += 4
  return v
}

export function readFloat64(r: Reader): number {
  if (r.pos + 8 > r.end) throw truncated(r)
  const v = r.view.getFloat64(r.pos, true)
  r.pos += 8
  return v
}

/** Runs below one more level of nesting. */
export function enter(r: Reader): void {
  if (++r.depth > MAX_DEPTH) throw tooDeep(r, MAX_DEPTH)
}

/** The error for nesting that goes on beyond `limit`. */
export function tooDeep(r: Reader, limit: number): RivuletError {
  return new RivuletError('too-deep', `data nested deeper than ${limit} levels`, { offset: r.pos })
}
