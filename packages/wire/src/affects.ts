import type { Path } from './schema.ts'

/**
 * Whether a change at one path matters to a subscriber of the other: they are equal over the shorter of the two (wire.md §9.6).
 *
 * @example
 * affects(['cells'], ['cells', 4]) // true: the parent changed
 */
export function affects(a: Path, b: Path): boolean {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return false
  return true
}
