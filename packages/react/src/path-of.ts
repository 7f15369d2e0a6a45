import type { Path } from '@rivulet/client'

/** A path in its long form: a single string is a top-level field. */
export function pathOf(query: string | Path): Path {
  return typeof query === 'string' ? [query] : query
}
