import { readModule, type TsModule } from '../syntax/declarations.ts'
import { parseTsFile, type SyntaxProblem } from '../syntax/ts-file.ts'

/** A file as it is parsed, which depends on nothing but its path and its text. */
interface ParsedModule {
  readonly module: TsModule
  readonly problems: readonly SyntaxProblem[]
}

/** What {@link readTypeScript} keeps from one reading to the next: the syntax of the files that the last one read. It serves one reading at a time. */
export interface TypeScriptCache {
  readonly file: (path: string, text: string) => ParsedModule
  /** The reading is over: files that it did not ask for are forgotten. */
  readonly close: () => void
}

/**
 * An empty cache.
 *
 * @example
 * const cache = createTypeScriptCache()
 * const first = readTypeScript(tree, { inputs: ['src/schema'], cache })
 * const second = readTypeScript(tree, { inputs: ['src/schema'], cache }) // parses what has changed
 */
export function createTypeScriptCache(): TypeScriptCache {
  const entries = new Map<string, ParsedModule>()
  const used = new Set<string>()
  return {
    file(path, text) {
      used.add(path)
      const known = entries.get(path)
      if (known?.module.file.text === text) return known
      const { file, problems } = parseTsFile(path, text)
      const parsed = { module: readModule(file), problems }
      entries.set(path, parsed)
      return parsed
    },
    close() {
      for (const path of entries.keys()) if (!used.has(path)) entries.delete(path)
      used.clear()
    },
  }
}
