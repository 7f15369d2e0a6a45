import { readString } from './read-string.ts'
import { readLength, type Reader } from './reader.ts'

/** Keys longer than this are rare; they are decoded every time. */
const LONGEST = 48

const FIRST_SLOTS = 1024
/** The table stops growing here: about a hundred thousand keys in use stay known, and a flood of new ones only evicts. */
const MOST_SLOTS = 1 << 18

let slots = FIRST_SLOTS
let misses = 0
let known: (string | undefined)[] = Array.from({ length: FIRST_SLOTS })

/**
 * A map key that is a string, from the table of keys seen before: wide deltas name the same rows again and again, and a known string costs neither an allocation nor its hash.
 */
export function readKey(r: Reader): string {
  const at = r.pos
  const n = readLength(r)
  if (n > LONGEST) {
    r.pos = at
    return readString(r)
  }
  const { bytes, pos } = r
  const slot = hashOf(r.view, bytes, pos, n) & (slots - 1)
  const first = known[slot]
  if (first !== undefined && spells(first, bytes, pos, n)) {
    r.pos = pos + n
    return first
  }
  const second = known[slot ^ 1]
  if (second !== undefined && spells(second, bytes, pos, n)) {
    r.pos = pos + n
    return second
  }
  r.pos = at
  const key = readString(r)
  if (key.length === n) remember(key, slot)
  return key
}

/** Four bytes at a time; the last word overlaps the one before when the length is no multiple of four. */
function hashOf(view: DataView, bytes: Uint8Array, pos: number, n: number): number {
  let hash = n
  if (n >= 4) {
    const last = pos + n - 4
    for (let i = pos; i < last; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1) ^ (hash >>> 15)
    hash ^= view.getInt32(last, true)
  } else {
    for (let i = pos; i < pos + n; i++) hash = (hash << 8) ^ (bytes[i] as number)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}

/** Whether an ASCII string has exactly these bytes; others never compare equal, so they are simply decoded. */
export function spells(s: string, bytes: Uint8Array, pos: number, n: number): boolean {
  if (s.length !== n) return false
  // From the end: that is where keys differ that were counted up.
  for (let i = n - 1; i >= 0; i--) if (s.charCodeAt(i) !== bytes[pos + i]) return false
  return true
}

function remember(key: string, slot: number): void {
  if (++misses > slots / 2 && slots < MOST_SLOTS) {
    // Starting empty is cheaper than moving: whatever is in use comes back with the next message.
    slots *= 4
    misses = 0
    known = Array.from({ length: slots })
    return
  }
  const at = known[slot] === undefined ? slot : slot ^ 1
  known[at] = key
}
