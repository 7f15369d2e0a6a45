import { type Doc, hardLine } from './doc.ts'

/** A doc comment and the new line after it; nothing when there is nothing to say. */
export function commentDoc(text: string | undefined): Doc {
  if (text === undefined) return ''
  const lines = text
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((row) => row.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  while (lines[0] === '') lines.shift()
  const [first, ...more] = lines
  if (first === undefined) return ''
  if (more.length === 0) return [`/** ${first.trimStart()} */`, hardLine]
  return ['/**', lines.map((row) => [hardLine, row === '' ? ' *' : ` * ${row}`]), hardLine, ' */', hardLine]
}
