import type { Tree } from 'web-tree-sitter'
import { type Node, syntaxErrors } from '../syntax/node.ts'
import { createGoParser, type GoParser } from '../syntax/parser.ts'
import { type FileSyntax, readDeclarations } from '../syntax/read-declarations.ts'

/** A file's syntax, which depends on nothing but its path and its text. */
interface ParsedFile {
  readonly root: Node
  readonly syntax: FileSyntax
  /** What the grammar could not make sense of. */
  readonly errors: readonly Node[]
}

/** Parses each file once as long as its text is the same. */
export interface FileCache {
  readonly file: (path: string, text: string) => ParsedFile
}

/**
 * What {@link readGo} keeps from one reading to the next: the syntax of the files that the last one read. It holds memory until it is disposed, and serves one reading
 * at a time.
 */
export interface GoCache {
  /** The files for one reading. */
  readonly open: () => Promise<FileCache>
  /** The reading is over: files that it did not ask for are forgotten. */
  readonly close: () => void
  readonly dispose: () => void
}

interface Entry {
  readonly text: string
  readonly tree: Tree
  readonly parsed: ParsedFile
}

/**
 * An empty cache.
 *
 * @example
 * const cache = createGoCache()
 * const first = await readGo(tree, { cache })
 * const second = await readGo(tree, { cache }) // parses what has changed
 * cache.dispose()
 */
export function createGoCache(): GoCache {
  const entries = new Map<string, Entry>()
  const used = new Set<string>()
  let parser: GoParser | undefined

  const forget = (path: string): void => {
    entries.get(path)?.tree.delete()
    entries.delete(path)
  }
  const file = (path: string, text: string): ParsedFile => {
    used.add(path)
    const known = entries.get(path)
    if (known?.text === text) return known.parsed
    forget(path)
    const tree = (parser as GoParser).parse(text)
    const { rootNode: root } = tree
    const parsed = { root, syntax: readDeclarations(path, root), errors: syntaxErrors(root).slice(0, MAX_ERRORS) }
    entries.set(path, { text, tree, parsed })
    return parsed
  }
  return {
    async open() {
      parser ??= await createGoParser()
      return { file }
    },
    close() {
      for (const path of entries.keys()) if (!used.has(path)) forget(path)
      used.clear()
    },
    dispose() {
      for (const path of entries.keys()) forget(path)
      parser?.dispose()
      parser = undefined
    },
  }
}

/** Behind a first mistake the grammar finds many. */
const MAX_ERRORS = 5
