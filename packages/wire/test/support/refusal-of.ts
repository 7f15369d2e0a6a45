import { isRivuletError, type RivuletError } from '../../src/index.ts'

/** The error that `run` throws; fails when it throws none, or another kind. */
export function refusalOf(run: () => unknown): RivuletError {
  try {
    run()
  } catch (e) {
    if (isRivuletError(e)) return e
    throw e
  }
  throw new Error('it was accepted')
}

/** The code of the error that `run` throws, or `accepted`. */
export function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (e) {
    if (isRivuletError(e)) return e.code
    throw e
  }
  return 'accepted'
}
