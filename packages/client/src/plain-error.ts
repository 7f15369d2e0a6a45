import { isRivuletError, RivuletError, type RivuletErrorCode } from '@rivulet/wire'
import type { PlainError } from './protocol.ts'

/** An error as data, ready to cross threads. What is no `RivuletError` gets `code`. */
export function toPlainError(error: unknown, code: RivuletErrorCode): PlainError {
  if (!isRivuletError(error)) return { code, what: error instanceof Error ? error.message : String(error) }
  const { store, path, offset, hint } = error
  return {
    code: error.code,
    what: error.what,
    ...(path.length === 0 ? {} : { path }),
    ...(store === undefined ? {} : { store }),
    ...(offset === undefined ? {} : { offset }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** The error that crossed threads as data. */
export function fromPlainError(plain: PlainError): RivuletError {
  return new RivuletError(plain.code, plain.what, plain)
}

/** `error` as a `RivuletError`; what is none becomes one of code `code` with the original as its cause. */
export function asRivuletError(error: unknown, code: RivuletErrorCode): RivuletError {
  if (isRivuletError(error)) return error
  return new RivuletError(code, error instanceof Error ? error.message : String(error), { cause: error })
}
