import { posix } from 'node:path'
import type { SourceTree } from '../go/project/source-tree.ts'

/** A tree, and the folders in which somebody looked for sources, whether there were any or not. */
export interface AskedTree {
  readonly tree: SourceTree
  /** Relative to the project, each once. */
  readonly folders: () => readonly string[]
}

const SOURCE = /\.(go|[mc]?ts)$/

/**
 * Notes where sources are looked for in `inner`. A watch follows those folders: an import may lead anywhere, and what is missing today is written tomorrow.
 */
export function askedFolders(inner: SourceTree): AskedTree {
  const asked = new Set<string>()
  // `cell.ts/index.ts` is asked for, too, where there is no `cell.ts`; nobody calls a folder so.
  const note = (folder: string): void => {
    if (!SOURCE.test(folder)) asked.add(posix.normalize(folder))
  }
  return {
    folders: () => [...asked],
    tree: {
      above: inner.above,
      readFile(path) {
        if (SOURCE.test(path)) note(posix.dirname(path))
        return inner.readFile(path)
      },
      listFiles(dir) {
        note(dir)
        return inner.listFiles(dir)
      },
    },
  }
}
