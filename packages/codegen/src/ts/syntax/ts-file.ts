import { type Comment, parseSync, type Program } from 'oxc-parser'
import type { SourcePlace } from '../../model/schema-model.ts'

/** Something of a syntax tree: all that a place needs. */
export interface Spot {
  readonly start: number
}

/** One parsed source file. */
export interface TsFile {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly text: string
  readonly program: Program
  /** The doc comment that ends directly above `start`; undefined when there is none. */
  readonly docAbove: (start: number) => Comment | undefined
  readonly placeAt: (offset: number) => SourcePlace
}

/** Something that the grammar does not accept. */
export interface SyntaxProblem {
  readonly at: SourcePlace
  readonly message: string
  readonly hint: string
}

/** Parses a file. Where there are problems, the rest of the file is not to be relied on. */
export function parseTsFile(
  path: string,
  text: string,
): { readonly file: TsFile; readonly problems: readonly SyntaxProblem[] } {
  // Only syntax is read, so a `.tsx` ending, which forbids some of it, is of no use.
  const parsed = parseSync('source.ts', text, { lang: 'ts', sourceType: 'module', astType: 'ts' })
  const placeAt = placesIn(path, text)
  const problems = parsed.errors.map((error) => ({
    at: placeAt(error.labels[0]?.start ?? 0),
    message: plain(error.message),
    hint: `${plain(error.helpMessage ?? 'Correct the syntax')}.`,
  }))
  const docs = new Map<number, Comment>()
  for (const comment of parsed.comments) {
    if (comment.type === 'Block' && comment.value.startsWith('*')) docs.set(nextToken(text, comment.end), comment)
  }
  return { file: { path, text, program: parsed.program, docAbove: (start) => docs.get(start), placeAt }, problems }
}

const plain = (message: string): string => message.replace(/\.$/, '').replaceAll(/\s+/g, ' ')

// Where the token after a doc comment starts: behind white space and further comments of one line.
function nextToken(text: string, from: number): number {
  const rest = /(?:\s|\/\/[^\n]*)*/y
  rest.lastIndex = from
  rest.exec(text)
  return rest.lastIndex
}

/** The place of an offset in a text; built once per file, because there are many. */
export function placesIn(file: string, text: string): (offset: number) => SourcePlace {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    for (let high = starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { file, line: low + 1, column: offset - (starts[low] as number) + 1 }
  }
}
