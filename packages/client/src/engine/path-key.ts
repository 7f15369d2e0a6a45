import type { Path, PathPart } from '@rivulet/wire'

const KINDS = { string: 's', number: 'n', bigint: 'i', boolean: 'b' } as const

/** A path as one string that keeps 1, '1', 1n and true apart; for maps keyed by path. */
export function pathKey(path: Path): string {
  let key = ''
  for (const part of path) key += partKey(part)
  return key
}

/** One part of {@link pathKey}; a path's key is the concatenation of its parts' keys. */
export function partKey(part: PathPart): string {
  const text = String(part)
  return `${KINDS[typeof part as keyof typeof KINDS]}${text.length}:${text}`
}

/** Whether `a` is `b` or leads to it. */
export function isPrefix(a: Path, b: Path): boolean {
  if (a.length > b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
