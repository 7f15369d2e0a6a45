/**
 * Everything that can go wrong in Rivulet, as one closed set.
 *
 * Wire: `truncated` (bytes end too early), `malformed` (bytes that no writer emits), `too-deep` (nesting above the limit),
 * `out-of-range` (a number that its type, or a JavaScript number, cannot hold), `invalid-value` (a value that its schema cannot
 * encode), `schema` (a descriptor that refers to nothing, or contradicts itself), `path` (a path or key that leads nowhere),
 * `index` (a list index that a delta must not reach).
 *
 * Client and host: `disconnected`, `timeout`, `aborted`, `disposed`, `rpc` (the handler answered with an error), `denied` (access level),
 * `unauthenticated`, `unknown-store`, `unknown-method`, `limit` (a bound was reached), `protocol` (the peer broke the protocol),
 * `worker` (the worker could not start or died), `handler` (application code threw), `config` (an option that cannot work).
 */
export type RivuletErrorCode =
  | 'truncated'
  | 'malformed'
  | 'too-deep'
  | 'out-of-range'
  | 'invalid-value'
  | 'schema'
  | 'path'
  | 'index'
  | 'disconnected'
  | 'timeout'
  | 'aborted'
  | 'disposed'
  | 'rpc'
  | 'denied'
  | 'unauthenticated'
  | 'unknown-store'
  | 'unknown-method'
  | 'limit'
  | 'protocol'
  | 'worker'
  | 'handler'
  | 'config'
  | 'storage'

/** Where an error happened. Every part is optional: an error knows only what its origin knew. */
export interface RivuletErrorPlace {
  /** Store, RPC or event name. */
  readonly store?: string
  /** Field path below the store or struct, property names and keys, outermost first. */
  readonly path?: readonly (string | number | bigint | boolean)[]
  /** Byte offset in the message that was being read. */
  readonly offset?: number
  /** What to do about it, as a sentence. */
  readonly hint?: string
  readonly cause?: unknown
}

const BRAND = Symbol.for('rivulet.error')

/**
 * The one error type of Rivulet.
 *
 * `message` reads `<what>: <store>.<path> at byte <offset>. <hint>`; the same facts are properties. Recognise it with
 * {@link isRivuletError}, which also works across duplicated copies of the package.
 *
 * @example
 * try { decode(BoardStore, bytes) } catch (e) { if (isRivuletError(e) && e.code === 'truncated') resync(e.store) }
 */
export class RivuletError extends Error {
  readonly code: RivuletErrorCode
  readonly store: string | undefined
  readonly path: readonly (string | number | bigint | boolean)[]
  readonly offset: number | undefined
  readonly hint: string | undefined
  /** The bare sentence, without the place. */
  readonly what: string

  constructor(code: RivuletErrorCode, what: string, place: RivuletErrorPlace = {}) {
    super(describe(what, place), place.cause === undefined ? undefined : { cause: place.cause })
    this.name = 'RivuletError'
    this.code = code
    this.what = what
    this.store = place.store
    this.path = place.path ?? []
    this.offset = place.offset
    this.hint = place.hint
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/**
 * Whether `error` is a {@link RivuletError}, from this or another copy of the package.
 *
 * @example
 * if (isRivuletError(e) && e.code === 'timeout') retry()
 */
export function isRivuletError(error: unknown): error is RivuletError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true
}

/** The same error, seen from one level further out: `part` is put in front of its path. Other errors pass through unchanged. */
export function atPath(error: unknown, part: string | number | bigint | boolean): unknown {
  if (!isRivuletError(error)) return error
  return withPlace(error, { path: [part, ...error.path] })
}

/**
 * The same error with more of its place known.
 *
 * @example
 * throw withPlace(error, { store: BoardStore.name })
 */
export function withPlace(error: RivuletError, place: RivuletErrorPlace): RivuletError {
  const merged = new RivuletError(error.code, error.what, {
    ...(error.store === undefined ? {} : { store: error.store }),
    path: error.path,
    ...(error.offset === undefined ? {} : { offset: error.offset }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    ...place,
  })
  if (error.stack !== undefined) merged.stack = error.stack.replace(error.message, () => merged.message)
  return merged
}

function describe(what: string, place: RivuletErrorPlace): string {
  const path = (place.path ?? []).map(String).join('.')
  const where = place.store === undefined ? path : path === '' ? place.store : `${place.store}.${path}`
  const at = place.offset === undefined ? '' : ` at byte ${place.offset}`
  const head = where === '' && at === '' ? what : `${what}: ${where}${at}`.replace(':  at', ' at')
  return place.hint === undefined ? head : `${head}. ${place.hint}`
}
