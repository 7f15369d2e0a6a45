import { type Decode, directIndex, readAs } from './decode-simple.ts'
import { atPath } from './errors.ts'
import { readCount, readFloat64, type Reader } from './reader.ts'
import type { PathPart } from './schema.ts'

/** A list. Grows as elements arrive: a count alone must not allocate (pitfall 17). */
export function arrayDecoder(elem: Decode, minSize: number): Decode {
  const elemAs = directIndex(elem)
  // No bytes are read beyond those that the count was checked against.
  if (elem === readFloat64 && minSize === 8) return readFloats
  return (r) => {
    const n = readCount(r, minSize)
    const out: unknown[] = []
    let i = 0
    try {
      for (; i < n; i++) out.push(readAs(elemAs, r, elem))
    } catch (e) {
      throw atPath(e, i)
    }
    return out
  }
}

function readFloats(r: Reader): readonly number[] {
  const n = readCount(r, 8)
  const { pos, view } = r
  const out: number[] = []
  for (let i = 0; i < n; i++) out.push(view.getFloat64(pos + i * 8, true))
  r.pos = pos + n * 8
  return out
}

/** A map; of duplicate keys the last wins. */
export function mapDecoder(key: Decode, value: Decode, minSize: number): Decode {
  const keyAs = directIndex(key)
  return (r) => {
    const n = readCount(r, minSize)
    const out = new Map<unknown, unknown>()
    let at: unknown = '?'
    try {
      for (let i = 0; i < n; i++) {
        at = readAs(keyAs, r, key)
        out.set(at, value(r))
      }
    } catch (e) {
      throw atPath(e, at as PathPart)
    }
    return out
  }
}

/** A set. */
export function setDecoder(key: Decode, minSize: number): Decode {
  return (r) => {
    const n = readCount(r, minSize)
    const out = new Set<unknown>()
    let i = 0
    try {
      for (; i < n; i++) out.add(key(r))
    } catch (e) {
      throw atPath(e, i)
    }
    return out
  }
}
