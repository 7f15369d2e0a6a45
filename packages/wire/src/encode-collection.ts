import { type Encode, isBuiltIn, wrong } from './encode-simple.ts'
import { atPath } from './errors.ts'
import type { PathPart } from './schema.ts'
import { writePacked } from './writer.ts'

/** A list. */
export function arrayEncoder(elem: Encode): Encode {
  return (w, v) => {
    if (!Array.isArray(v)) throw wrong('an array', v)
    writePacked(w, v.length)
    let i = 0
    try {
      for (; i < v.length; i++) elem(w, v[i])
    } catch (e) {
      throw atPath(e, i)
    }
  }
}

/** A map, in its own order. */
export function mapEncoder(key: Encode, value: Encode): Encode {
  return (w, v) => {
    if (!isBuiltIn(v, 'Map')) throw wrong('a Map', v)
    const map = v as ReadonlyMap<PathPart, unknown>
    writePacked(w, map.size)
    let at: PathPart = '?'
    try {
      for (const [k, item] of map) {
        at = k
        key(w, k)
        value(w, item)
      }
    } catch (e) {
      throw atPath(e, at)
    }
  }
}

/** A set, in its own order. */
export function setEncoder(key: Encode): Encode {
  return (w, v) => {
    if (!isBuiltIn(v, 'Set')) throw wrong('a Set', v)
    const set = v as ReadonlySet<PathPart>
    writePacked(w, set.size)
    let at: PathPart = '?'
    try {
      for (const k of set) {
        at = k
        key(w, k)
      }
    } catch (e) {
      throw atPath(e, at)
    }
  }
}
