import { type Path, valueAt } from '@rivulet/wire'
import { changedPaths, historyOf } from './history.ts'
import type { Recording } from './recording.ts'

/** A place whose value differs between two moments. */
export interface Difference {
  readonly store: string
  /** Empty = all of it, because one of the moments does not know the store. */
  readonly path: Path
  /** Undefined where the place does not exist at that moment. */
  readonly before: unknown
  readonly after: unknown
}

/** What {@link diffMoments} found. */
export interface Differences {
  readonly changes: readonly Difference[]
  /** So many more were found and left out. */
  readonly more: number
}

/**
 * What differs between the moments right after the entries `a` and `b`, in all stores or in one: every place as deep as paths go, in the order of the fields. At most `limit` places (1000 when absent) are listed.
 *
 * Throws as `stateAt`.
 *
 * @example
 * for (const { store, path, before, after } of diffMoments(recording, 10, 20).changes) console.log(store, path, before, after)
 */
export function diffMoments(
  recording: Recording,
  a: number,
  b: number,
  options: { readonly store?: string; readonly limit?: number } = {},
): Differences {
  const { store: only, limit = 1000 } = options
  const changes: Difference[] = []
  let found = 0
  for (const { name } of recording.defs.stores) {
    if (only !== undefined && name !== only) continue
    const history = historyOf(recording, name)
    const before = history.at(a)
    const after = history.at(b)
    for (const path of changedPaths(history.def, before, after)) {
      if (found++ < limit)
        changes.push({ store: name, path, before: valueAt(before, path), after: valueAt(after, path) })
    }
  }
  return { changes, more: found - changes.length }
}
