import type { Path } from '@rivulet/client'

/** Whether two paths lead to the same place. The map keys `1`, `'1'`, `1n` and `true` differ. */
export function samePath(a: Path, b: Path): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}
