import type { Path } from '@rivulet/wire'
import { startRun } from './tracked-run.ts'
import type { PageStore, Selected } from './types.ts'

/** The outcome of one run, also of one that threw: what it had read by then decides when it is worth trying again. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly reads: readonly Path[] }
  | { readonly ok: false; readonly error: unknown; readonly reads: readonly Path[] }

/** Runs `selector` over the state and notes which paths it reads. */
export function runSelector<S, T>(store: PageStore<S>, selector: (state: S) => T): Outcome<T> {
  const run = startRun(store as unknown as PageStore<unknown>)
  try {
    const value = run.unwrap(selector(run.root as S)) as T
    return { ok: true, value, reads: run.reads() }
  } catch (error) {
    return { ok: false, error, reads: run.reads() }
  } finally {
    run.close()
  }
}

/**
 * Runs `selector` once over the state as far as it is known: its result, and the paths it read. Follows nothing.
 *
 * The selector sees a read-only image. What is not loaded reads as zero (elements of maps and lists as `undefined`); structs and collections that are not loaded read
 * as if they were there, so one run finds every path. A map that is not loaded cannot be told from one that is `null` by asking for a single key.
 *
 * Throws what the selector throws.
 *
 * @example
 * const { value, reads } = select(board, (s) => s.cells.get(4)?.token) // reads: [['cells', 4, 'token']]
 */
export function select<S, T>(store: PageStore<S>, selector: (state: S) => T): Selected<T> {
  const outcome = runSelector(store, selector)
  if (!outcome.ok) throw outcome.error
  return { value: outcome.value, reads: outcome.reads }
}
