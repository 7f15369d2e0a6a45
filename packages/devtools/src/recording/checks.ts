import { isRivuletError, type PathPart, RivuletError, withPlace } from '@rivulet/wire'

/** Takes a value that came from outside for what it is, or throws `malformed`. */
export type Check<T> = (value: unknown) => T

/** A `malformed` error; the callers say where. */
export function bad(what: string): RivuletError {
  return new RivuletError('malformed', what)
}

/** Runs `check`; what it throws says that it happened at `part`. */
export function inside<T>(part: PathPart, check: Check<T>, value: unknown): T {
  try {
    return check(value)
  } catch (e) {
    if (!isRivuletError(e)) throw e
    throw withPlace(e, { path: [part, ...e.path] })
  }
}

/** A string of at most this many characters. */
export function text(limit = 65_536): Check<string> {
  return (value) => {
    if (typeof value !== 'string') throw bad(`expected text, got ${kindOf(value)}`)
    if (value.length > limit) throw bad(`the text has ${value.length} characters, at most ${limit} are read`)
    return value
  }
}

/** A finite number. */
export const number: Check<number> = (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(`expected a number, got ${kindOf(value)}`)
  return value
}

/** A whole number that is exact and not below `min`. */
export function whole(min = 0): Check<number> {
  return (value) => {
    if (!Number.isSafeInteger(value) || (value as number) < min)
      throw bad(`expected a whole number from ${min} on, got ${kindOf(value)}`)
    return value as number
  }
}

export const yes: Check<boolean> = (value) => {
  if (typeof value !== 'boolean') throw bad(`expected true or false, got ${kindOf(value)}`)
  return value
}

/** One of these strings. */
export function oneOf<const T extends string>(...names: readonly T[]): Check<T> {
  return (value) => {
    if (!names.includes(value as T)) throw bad(`expected one of ${names.join(', ')}, got ${kindOf(value)}`)
    return value as T
  }
}

/** A list of at most `limit` items. */
export function list<T>(check: Check<T>, limit = 1_000_000): Check<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw bad(`expected a list, got ${kindOf(value)}`)
    if (value.length > limit) throw bad(`the list has ${value.length} items, at most ${limit} are read`)
    return value.map((item, i) => inside(i, check, item))
  }
}

/** Properties by name, in the order in which they come; `optional` ones may be absent. Everything else is left out, so that later versions may add to it. */
export function object(
  required: Readonly<Record<string, Check<unknown>>>,
  optional: Readonly<Record<string, Check<unknown>>> = {},
): Check<Record<string, unknown>> {
  const checks = new Map([...Object.entries(required), ...Object.entries(optional)])
  const names = Object.keys(required)
  return (value) => {
    const from = plain(value)
    const out: Record<string, unknown> = {}
    for (const name of Object.keys(from)) {
      const check = checks.get(name)
      if (check !== undefined) out[name] = inside(name, check, from[name])
    }
    for (const name of names) if (!Object.hasOwn(out, name)) inside(name, missing, undefined)
    return out
  }
}

const missing = (): never => {
  throw bad('it is missing')
}

/** An object of JSON. */
export function plain(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(`expected an object, got ${kindOf(value)}`)
  return value as Readonly<Record<string, unknown>>
}

/** What a value is, in few words and never long. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const said = JSON.stringify(value) ?? typeof value
  return said.length > 40 ? `${said.slice(0, 40)}…` : said
}
