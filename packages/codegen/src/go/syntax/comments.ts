import type { Node } from './node.ts'

/** The comment block that ends on the line above `node`, first line first; empty when a blank line or something else is between. */
export function commentsAbove(node: Node): Node[] {
  const block: Node[] = []
  let row = node.startPosition.row
  let before = node.previousSibling
  while (before?.type === 'comment' && before.endPosition.row === row - 1 && !isTrailing(before)) {
    block.unshift(before)
    row = before.startPosition.row
    before = before.previousSibling
  }
  return block
}

// A comment at the end of a line of code belongs to that line.
function isTrailing(comment: Node): boolean {
  const before = comment.previousSibling
  return before !== null && before.endPosition.row === comment.startPosition.row && before.text !== '\n'
}

/** The comment's text without its marks. */
export function commentText(comment: Node): string {
  const known = texts.get(comment) ?? withoutMarks(comment.text)
  texts.set(comment, known)
  return known
}

// Several ask for the comments of one declaration, and its tree may outlive a reading.
const texts = new WeakMap<Node, string>()

function withoutMarks(source: string): string {
  // Go takes the carriage returns of Windows out of comments, too.
  const text = source.replaceAll('\r', '')
  if (text.startsWith('//')) return text.slice(2).replace(/^ /, '')
  return text
    .slice(2, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, ''))
    .join('\n')
    .trim()
}

/** The block as documentation: without marks, annotations and directives. Undefined when nothing is left. */
export function docOf(comments: readonly Node[]): string | undefined {
  const lines = comments
    .filter(({ text }) => !/^\/\/\w+:/.test(text))
    .flatMap((comment) => commentText(comment).split('\n'))
  const doc = lines
    .filter((line) => !/@restream\./i.test(line) && !/\bMAXFIELD\(\d+\)/.test(line))
    .join('\n')
    .trim()
  return doc === '' ? undefined : doc
}
