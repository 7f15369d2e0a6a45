import { type PathPart, RivuletError } from '@rivulet/wire'

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A patch that is being read. */
export interface Cursor {
  readonly bytes: Uint8Array
  pos: number
}

/** One part of a path, as in the grammar. */
export function takePart(r: Cursor): PathPart {
  const at = r.pos
  switch (takeByte(r)) {
    case 0:
      return takeText(r)
    case 1: {
      const n = takeUint(r)
      return n % 2 === 0 ? n / 2 : -(n + 1) / 2
    }
    case 2: {
      const digits = takeText(r)
      if (!/^-?\d+$/.test(digits)) throw malformed(at, 'a bigint part is not decimal')
      return BigInt(digits)
    }
    case 3:
      return false
    case 4:
      return true
    case 5: {
      const raw = takeRaw(r, 8)
      return new DataView(raw.buffer, raw.byteOffset, 8).getFloat64(0, true)
    }
    default:
      throw malformed(at, 'unknown kind of path part')
  }
}

/** A count of things that take a byte each at least, so it can never exceed what is left. */
export function takeCount(r: Cursor): number {
  const at = r.pos
  const n = takeUint(r)
  if (n > r.bytes.length - r.pos) throw truncated(at)
  return n
}

/** One byte. */
export function takeByte(r: Cursor): number {
  const b = r.bytes[r.pos]
  if (b === undefined) throw truncated(r.pos)
  r.pos++
  return b
}

/** A number, seven bits a byte. */
export function takeUint(r: Cursor): number {
  const at = r.pos
  let n = 0
  for (let unit = 1; ; unit *= 128) {
    const b = takeByte(r)
    n += (b & 0x7f) * unit
    if (b < 0x80) break
    if (unit >= 2 ** 49) throw malformed(at, 'a number longer than 53 bits')
  }
  if (!Number.isSafeInteger(n)) throw malformed(at, 'a number longer than 53 bits')
  return n
}

/** So many bytes, as a view. */
export function takeRaw(r: Cursor, n: number): Uint8Array {
  if (n > r.bytes.length - r.pos) throw truncated(r.pos)
  r.pos += n
  return r.bytes.subarray(r.pos - n, r.pos)
}

/** A text with its length in front. */
export function takeText(r: Cursor): string {
  const at = r.pos
  const raw = takeRaw(r, takeUint(r))
  try {
    return text.decode(raw)
  } catch (cause) {
    throw new RivuletError('malformed', 'text in a patch is not UTF-8', { offset: at, cause })
  }
}

function truncated(offset: number): RivuletError {
  return new RivuletError('truncated', 'the patch ends inside a record', { offset })
}

/** What stands at this byte cannot be. */
export function malformed(offset: number, what: string): RivuletError {
  return new RivuletError('malformed', what, { offset })
}
