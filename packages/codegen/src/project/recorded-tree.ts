import type { SourceTree } from '../go/project/source-tree.ts'

/** A tree that remembers what it was asked, so that one can tell later whether it would answer the same. */
export interface RecordedTree extends SourceTree {
  /** Whether `other` has the same for everything that was asked. */
  readonly isSameIn: (other: SourceTree) => boolean
}

/** Records what is read from `tree`. */
export function recordTree(tree: SourceTree): RecordedTree {
  const texts = new Map<string, string | undefined>()
  const lists = new Map<string, readonly string[] | undefined>()
  return {
    above: tree.above,
    readFile(path) {
      const text = tree.readFile(path)
      texts.set(path, text)
      return text
    },
    listFiles(dir) {
      const names = tree.listFiles(dir)
      lists.set(dir, names)
      return names
    },
    isSameIn: (other) =>
      [...lists].every(([dir, names]) => JSON.stringify(other.listFiles(dir)) === JSON.stringify(names)) &&
      [...texts].every(([path, text]) => other.readFile(path) === text),
  }
}
