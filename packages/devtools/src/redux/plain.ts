/**
 * Values of stores as JSON has them, and back: the extension keeps and compares text. What JSON has no word for becomes an object with one key that begins with `$`.
 */

/** Thrown inside {@link toPlain}: there is more than may be shown. */
const TOO_LARGE = Symbol('too large')

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const unhex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

/**
 * The JSON form of a value; `undefined` when it has more than `limit` parts.
 *
 * @example
 * toPlain(new Map([[1n, 'a']]), 100) // { $map: [[{ $bigint: '1' }, 'a']] }
 */
export function toPlain(value: unknown, limit: number): unknown {
  let left = limit
  const plain = (one: unknown): unknown => {
    if (--left < 0) throw TOO_LARGE
    switch (typeof one) {
      case 'undefined':
        return { $undefined: true }
      case 'bigint':
        return { $bigint: String(one) }
      case 'number':
        return Number.isFinite(one) && !Object.is(one, -0) ? one : { $number: Object.is(one, -0) ? '-0' : String(one) }
      case 'object':
        return one === null ? null : plainObject(one)
      default:
        return one
    }
  }
  const plainObject = (one: object): unknown => {
    if (one instanceof Map) return { $map: Array.from(one, ([key, of]) => [plain(key), plain(of)]) }
    if (one instanceof Set) return { $set: Array.from(one, plain) }
    if (one instanceof Date) return { $date: Number.isNaN(one.getTime()) ? null : one.toISOString() }
    if (one instanceof Uint8Array) {
      left -= one.length
      return left < 0 ? plain(null) : { $bytes: hex(one) }
    }
    if (Array.isArray(one)) return one.map(plain)
    const entries = Object.entries(one).map(([name, of]) => [name, plain(of)] as const)
    const copy = Object.fromEntries(entries)
    return entries.length === 1 && entries[0]?.[0].startsWith('$') ? { $object: copy } : copy
  }
  try {
    return plain(value)
  } catch (error) {
    if (error === TOO_LARGE) return undefined
    throw error
  }
}

/**
 * The value that {@link toPlain} made `plain` of. What is no such form stays as it is.
 *
 * @example
 * fromPlain({ $map: [[{ $bigint: '1' }, 'a']] }) // Map { 1n => 'a' }
 */
export function fromPlain(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null) return plain
  if (Array.isArray(plain)) return plain.map(fromPlain)
  const entries = Object.entries(plain)
  const [tag, inside] = (entries.length === 1 && entries[0]) || ['', undefined]
  switch (tag) {
    case '$undefined':
      return undefined
    case '$bigint':
      return BigInt(String(inside))
    case '$number':
      return Number(inside)
    case '$date':
      return inside === null ? new Date(Number.NaN) : new Date(String(inside))
    case '$bytes':
      return unhex(String(inside))
    case '$map':
      return new Map((inside as readonly [unknown, unknown][]).map(([key, of]) => [fromPlain(key), fromPlain(of)]))
    case '$set':
      return new Set((inside as readonly unknown[]).map(fromPlain))
    case '$object':
      return restored(Object.entries(inside as object))
    default:
      return restored(entries)
  }
}

const restored = (entries: readonly (readonly [string, unknown])[]): unknown =>
  Object.fromEntries(entries.map(([name, of]) => [name, fromPlain(of)]))
