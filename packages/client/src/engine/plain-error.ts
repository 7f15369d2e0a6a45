import { isRivuletError, RivuletError, type RivuletErrorCode, type RivuletErrorPlace } from '@rivulet/wire'
import type { PlainError } from '../protocol.ts'

/** An error as plain data, for the other side of a thread. Anything that is not a RivuletError becomes one of code `otherwise`. */
export function plainError(error: unknown, otherwise: RivuletErrorCode, place: RivuletErrorPlace = {}): PlainError {
  const e = isRivuletError(error)
    ? error
    : new RivuletError(otherwise, error instanceof Error ? error.message : String(error))
  const store = e.store ?? place.store
  const path = e.path.length > 0 ? e.path : place.path
  const offset = e.offset ?? place.offset
  const hint = e.hint ?? place.hint
  return {
    code: e.code,
    what: e.what,
    ...(store === undefined ? {} : { store }),
    ...(path === undefined ? {} : { path }),
    ...(offset === undefined ? {} : { offset }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** A plain error from its parts. */
export function failure(
  code: RivuletErrorCode,
  what: string,
  place: Omit<RivuletErrorPlace, 'cause'> = {},
): PlainError {
  return { code, what, ...place }
}
