import { RivuletError } from '@rivulet/wire'

const KEYWORDS =
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var'
const keywords = new Set(KEYWORDS.split(' '))

/** `name` if Go can declare something of that name that other packages see. Throws `schema`, naming what it belongs to. */
export function goName(name: string, owner: string): string {
  if (/^\p{Lu}[\p{L}\p{Nd}_]*$/u.test(name)) return name
  throw new RivuletError('schema', `${owner}: "${name}" is no name that Go exports`, {
    hint: 'Begin it with a capital letter, and use letters, digits and _ only.',
  })
}

/** Whether Go has taken a word for itself. */
export const isKeyword = (word: string): boolean => keywords.has(word)

/** `name` if it can be a Go package's. Throws `schema`. */
export function goPackageName(name: string): string {
  if (/^[\p{Ll}_][\p{L}\p{Nd}_]*$/u.test(name) && !keywords.has(name)) return name
  throw new RivuletError('schema', `"${name}" cannot be the name of a Go package`, {
    hint: 'Name the source after a word of small letters.',
  })
}

/** Doc lines above a declaration; none when there is nothing to say. */
export function goComment(text: string | undefined): readonly string[] {
  const lines = (text ?? '').split(/\r\n|[\n\r\u2028\u2029]/).map((row) => row.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  // An annotation in a comment would be read as one, and Go accepts no control characters.
  return lines.map((row) =>
    row === '' ? '//' : `// ${row.replaceAll('@restream', '@ restream').replaceAll(/[\p{Cc}\uFEFF]/gu, ' ')}`,
  )
}

/** A Go string literal. What JSON leaves as it is and Go does not accept, or nobody would see, is escaped. */
export function goString(text: string): string {
  // By way of UTF-8, in which a string of Go is: half a surrogate pair is none.
  const valid = Buffer.from(text, 'utf8').toString('utf8')
  return JSON.stringify(valid).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) as number
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** A declaration's line: a comment above it, and cells that gofmt aligns with those of the lines around it. */
export interface GoRow {
  readonly comment: readonly string[]
  readonly cells: readonly string[]
}

/**
 * Rows of a block as gofmt has them: the cells of neighbouring lines stand below each other. A line with fewer cells ends a column; so does a comment,
 * if `commentsEnd` (in a struct it does, among constants it does not).
 */
export function alignRows(rows: readonly GoRow[], commentsEnd: boolean): readonly string[] {
  const widths = rows.map(() => [] as number[])
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length))
  for (let column = 0; column < columns - 1; column++) {
    let start = 0
    const close = (end: number): void => {
      const width = Math.max(0, ...rows.slice(start, end).map(({ cells }) => widthOf(cells[column] ?? '')))
      for (let at = start; at < end; at++) (widths[at] as number[])[column] = width
      start = end
    }
    for (const [at, { cells, comment }] of rows.entries()) {
      if (commentsEnd && comment.length > 0) close(at)
      // The last cell of a line is no column: what follows it cannot be below anything.
      if (cells.length - 1 <= column) {
        close(at)
        start = at + 1
      }
    }
    close(rows.length)
  }
  return rows.flatMap(({ comment, cells }, at) => [
    ...comment.map((text) => `\t${text}`),
    `\t${cells.map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[at]?.[column]))).join(' ')}`,
  ])
}

// As gofmt counts: code points.
const widthOf = (cell: string): number => Array.from(cell).length

const pad = (cell: string, width = 0): string => cell + ' '.repeat(Math.max(0, width - widthOf(cell)))
