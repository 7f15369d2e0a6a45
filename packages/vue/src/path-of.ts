import type { Path } from '@rivulet/client'
import { type Ref, unref } from 'vue'

/** A path as it is given: a field, a tuple, or a ref of either. */
export type PathQuery = string | Path | Ref<string | Path>

/** A path in its long form. */
export function pathOf(query: PathQuery): Path {
  const path = unref(query)
  return typeof path === 'string' ? [path] : path
}
