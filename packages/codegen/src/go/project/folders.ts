import { posix } from 'node:path'

/** Paths of one tree. A go.mod may stand above the project, so that one folder can be reached on two ways: inside, and by `..`. */
export interface Folders {
  /** The one spelling of a folder: without `.`, with `..` only where it leads out of the project; `''` is the project. */
  readonly normalize: (dir: string) => string
  readonly join: (dir: string, below: string) => string
  /** How `to` is called below `from`; `''` when they are the same. */
  readonly below: (from: string, to: string) => string
}

/** `above` are the names of the project's folder and those around it, innermost first. */
export function createFolders(above: readonly string[]): Folders {
  // More than any path has steps upwards; names that the tree does not know stand for nothing else.
  const base = Array.from({ length: 64 }, (_, index) => above[index] ?? `?${index}`).toReversed()
  const home = `/${base.join('/')}`
  const absolute = (dir: string): string => posix.join(home, dir)
  const normalize = (dir: string): string => posix.relative(home, absolute(dir))
  return {
    normalize,
    join: (dir, below) => normalize(posix.join(dir, below)),
    below: (from, to) => posix.relative(absolute(from), absolute(to)),
  }
}
