import { VERSIONED } from './versioned.ts'

/**
 * Whether two values are the same, or arrays, maps, sets or plain objects with the same parts (compared with `Object.is`).
 * The default equality of selections: a selector that builds a fresh object each time changes nothing as long as its parts are the same.
 *
 * @example
 * shallowEqual({ x: 1 }, { x: 1 }) // true
 */
export function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => Object.is(v, b[i]))
  // Finding out would read every row.
  if (VERSIONED in a || VERSIONED in b) return false
  if (a instanceof Map) return b instanceof Map && a.size === b.size && sameEntries(a, b)
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((v) => b.has(v))
  return isPlain(a) && isPlain(b) && sameProperties(a, b)
}

/** Whether `value` was made by an object literal (or `Object.create(null)`). */
export function isPlain(value: object): value is Record<string, unknown> {
  const proto: unknown = Object.getPrototypeOf(value)
  return proto === null || proto === Object.prototype
}

function sameEntries(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  for (const [key, value] of a) if (!b.has(key) || !Object.is(value, b.get(key))) return false
  return true
}

function sameProperties(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && Object.is(a[key], b[key]))
  )
}
