import { fileURLToPath } from 'node:url'
import { Language, Parser, type Tree } from 'web-tree-sitter'

/** Parses Go. Trees and parser live in the memory of a WebAssembly module, so both must be deleted. */
export interface GoParser {
  readonly parse: (text: string) => Tree
  readonly dispose: () => void
}

let language: Promise<Language> | undefined

/**
 * A parser with tree-sitter's Go grammar. The compiled grammar comes from `@vscode/tree-sitter-wasm`, because `tree-sitter-go` itself runs a native
 * build when it is installed.
 */
export async function createGoParser(): Promise<GoParser> {
  language ??= loadGrammar()
  // Awaited first: before the module is loaded there is nothing to make a parser with.
  const go = await language
  const parser = new Parser().setLanguage(go)
  return {
    parse(text) {
      const tree = parser.parse(text)
      if (tree === null) throw new Error('the Go grammar is not loaded')
      return tree
    },
    dispose: () => parser.delete(),
  }
}

async function loadGrammar(): Promise<Language> {
  await Parser.init()
  return Language.load(fileURLToPath(import.meta.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm')))
}
