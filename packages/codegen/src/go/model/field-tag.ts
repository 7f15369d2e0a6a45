import { parseStringLiteral } from '../constants/literals.ts'

/** What a field's `restream` tag says (codegen.md §1). */
export interface FieldTag {
  readonly id?: number
  readonly notNil: boolean
  readonly valueNotNil: boolean
  /** What is wrong with it. */
  readonly problems: readonly string[]
}

const NONE: FieldTag = { notNil: false, valueNotNil: false, problems: [] }

/** Where the `restream` key's value is in a tag's contents; undefined when the tag does not have the key. */
export function findRestreamKey(contents: string): { readonly start: number; readonly end: number } | undefined {
  const match = /(^|\s)restream:"((?:[^"\\]|\\.)*)"/.exec(contents)
  if (match === null) return undefined
  const end = match.index + match[0].length - 1
  return { start: end - (match[2] as string).length, end }
}

/** Reads a tag, with its quotes. Other keys are ignored. */
export function parseFieldTag(text: string | undefined): FieldTag {
  if (text === undefined) return NONE
  const contents = parseStringLiteral(text)
  if (contents === undefined) return { ...NONE, problems: ['it is no Go string'] }
  const key = findRestreamKey(contents)
  if (key === undefined) {
    return /(^|\s)restream:/.test(contents) ? { ...NONE, problems: ['restream has no value in double quotes'] } : NONE
  }
  // The part in front of the first comma is reserved for a name, which the wire does not have.
  const [name = '', ...options] = contents.slice(key.start, key.end).split(',')
  const problems: string[] = []
  if (name !== '') problems.push(`"${name}" stands in front of the first comma`)
  let id: number | undefined
  for (const option of options) {
    const match = /^fID=(.*)$/.exec(option)
    if (match === null) {
      if (option !== '' && option !== 'notnil' && option !== 'valnotnil') problems.push(`"${option}" is no option`)
    } else if (/^\d{1,9}$/.test(match[1] as string)) id = Number(match[1])
    else problems.push(`"${match[1]}" is no field id`)
  }
  return {
    ...(id === undefined ? {} : { id }),
    notNil: options.includes('notnil'),
    valueNotNil: options.includes('valnotnil'),
    problems,
  }
}
