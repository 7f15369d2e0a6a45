import type { Path, PathPart } from '@rivulet/wire'

/**
 * A path as one string; different paths have different strings, and `1`, `'1'` and `1n` are different parts.
 *
 * @example
 * pathKey(['rows', 1]) // 's4:rowsn1:1'
 */
export function pathKey(path: Path): string {
  return path.map(partKey).join('')
}

// The length in front keeps any character in a key from being taken for a boundary.
function partKey(part: PathPart): string {
  const text = String(part)
  return `${typeof part === 'string' ? 's' : typeof part === 'number' ? 'n' : typeof part === 'bigint' ? 'i' : 'b'}${text.length}:${text}`
}
