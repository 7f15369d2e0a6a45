import type { Path, PathPart } from './schema.ts'

interface Branch {
  /** A path ends here. */
  end: boolean
  /** And has been taken over already. */
  taken: boolean
  readonly children: Map<PathPart, Branch>
}

function branch(): Branch {
  return { end: false, taken: false, children: new Map() }
}

/**
 * The paths without duplicates and without those below another one (wire.md §9.4), in order of first appearance. Takes time in proportion to the parts.
 *
 * @example
 * reducePaths([['a', 'b'], ['a'], ['c']]) // [['a'], ['c']]
 */
export function reducePaths(paths: readonly Path[]): Path[] {
  const root = branch()
  for (const path of paths) {
    let at = root
    for (const part of path) {
      let next = at.children.get(part)
      if (next === undefined) at.children.set(part, (next = branch()))
      at = next
    }
    at.end = true
  }
  return paths.filter((path) => takes(root, path))
}

function takes(root: Branch, path: Path): boolean {
  let at = root
  for (const part of path) {
    if (at.end) return false
    at = at.children.get(part) as Branch
  }
  if (at.taken) return false
  at.taken = true
  return true
}
