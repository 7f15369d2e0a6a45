import { RivuletError } from './errors.ts'

const TWO_28 = 2 ** 28
const TWO_59_BIG = 1n << 59n

/**
 * A growing buffer. One instance is reused by all encoders of a thread: every top-level encode copies its result out,
 * so no field ever allocates a buffer of its own (pitfalls 1, 30, 31).
 */
export class Writer {
  bytes: Uint8Array
  view: DataView
  pos = 0
  /** Structs entered and not yet left. */
  depth = 0
  /** Dynamic values and their containers entered and not yet left. */
  dynamicDepth = 0

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
  }
}

/** Makes room for `n` more bytes. Doubles, or takes what one large write needs. */
function reserve(w: Writer, n: number): void {
  const need = w.pos + n
  if (need <= w.bytes.length) return
  const grown = new Uint8Array(Math.max(need, w.bytes.length * 2))
  grown.set(w.bytes.subarray(0, w.pos))
  w.bytes = grown
  w.view = new DataView(grown.buffer)
}

export function writeU8(w: Writer, v: number): void {
  reserve(w, 1)
  w.bytes[w.pos++] = v
}

/** A safe integer in its shortest packed form (wire.md §1). */
export function writePacked(w: Writer, v: number): void {
  reserve(w, 9)
  const sign = v < 0 ? 0x40 : 0
  const mag = v < 0 ? -v : v
  const bytes = w.bytes
  if (mag < 0x40) {
    bytes[w.pos++] = mag | sign
    return
  }
  const low = mag < TWO_28 ? mag : mag % TWO_28
  bytes[w.pos++] = (low & 0x3f) | sign | 0x80
  if (mag < 0x2000) {
    bytes[w.pos++] = low >>> 6
    return
  }
  bytes[w.pos++] = ((low >>> 6) & 0x7f) | 0x80
  const word = (low >>> 13) & 0x7fff
  const more = mag >= TWO_28
  w.view.setUint16(w.pos, more ? word | 0x8000 : word, true)
  w.pos += 2
  if (!more) return
  // A safe integer has at most 53 bits, so group 3 (up to bit 58) is always the last.
  w.view.setUint32(w.pos, Math.floor(mag / TWO_28), true)
  w.pos += 4
}

/** Any 64-bit integer, signed or unsigned, in its shortest packed form. */
export function writePackedBig(w: Writer, v: bigint): void {
  if (v >= BigInt(Number.MIN_SAFE_INTEGER) && v <= BigInt(Number.MAX_SAFE_INTEGER)) {
    writePacked(w, Number(v))
    return
  }
  reserve(w, 9)
  const mag = v < 0n ? -v : v
  const low = Number(mag & 0xfffffffn)
  w.bytes[w.pos++] = (low & 0x3f) | (v < 0n ? 0x40 : 0) | 0x80
  w.bytes[w.pos++] = ((low >>> 6) & 0x7f) | 0x80
  w.view.setUint16(w.pos, ((low >>> 13) & 0x7fff) | 0x8000, true)
  w.pos += 2
  const word = Number((mag >> 28n) & 0x7fffffffn)
  const more = mag >= TWO_59_BIG
  w.view.setUint32(w.pos, more ? (word | 0x80000000) >>> 0 : word, true)
  w.pos += 4
  if (more) w.bytes[w.pos++] = Number(mag >> 59n)
}

const utf8 = new TextEncoder()

/** A string: its length in UTF-8 bytes, then the bytes (pitfall 2). Lone surrogates become U+FFFD. */
export function writeString(w: Writer, s: string): void {
  const n = s.length
  if (n < 0x40) {
    // Short and ASCII, the common case: the length is known to be one byte.
    reserve(w, n + 1)
    const start = w.pos
    const bytes = w.bytes
    let i = 0
    for (; i < n; i++) {
      const c = s.charCodeAt(i)
      if (c >= 0x80) break
      bytes[start + 1 + i] = c
    }
    if (i === n) {
      bytes[start] = n
      w.pos = start + 1 + n
      return
    }
  }
  reserve(w, n * 3 + 9)
  const mark = beginSized(w)
  const { written } = utf8.encodeInto(s, w.bytes.subarray(w.pos))
  w.pos += written
  endSized(w, mark)
}

export function writeRaw(w: Writer, bytes: Uint8Array): void {
  reserve(w, bytes.length)
  w.bytes.set(bytes, w.pos)
  w.pos += bytes.length
}

export function writeFloat32(w: Writer, v: number): void {
  reserve(w, 4)
  w.view.setFloat32(w.pos, v, true)
  w.pos += 4
}

export function writeFloat64(w: Writer, v: number): void {
  reserve(w, 8)
  w.view.setFloat64(w.pos, v, true)
  w.pos += 8
}

/** Starts something that is prefixed by its own length: one byte is kept free for it. */
export function beginSized(w: Writer): number {
  reserve(w, 1)
  return w.pos++
}

/** Ends it: writes the length, moving the content only when the length needs more than the one byte. */
export function endSized(w: Writer, mark: number): void {
  const length = w.pos - mark - 1
  if (length < 0x40) {
    w.bytes[mark] = length
    return
  }
  const extra = length < 0x2000 ? 1 : length < TWO_28 ? 3 : 7
  reserve(w, extra)
  w.bytes.copyWithin(mark + 1 + extra, mark + 1, mark + 1 + length)
  w.pos = mark
  writePacked(w, length)
  w.pos = mark + 1 + extra + length
}

/** What has been written, as bytes of its own. */
export function finish(w: Writer): Uint8Array<ArrayBuffer> {
  return w.bytes.slice(0, w.pos)
}

/** The error for a value that its schema cannot encode. */
export function invalid(what: string): RivuletError {
  return new RivuletError('invalid-value', what)
}
