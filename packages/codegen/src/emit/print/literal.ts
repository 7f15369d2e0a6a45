import { isIdentifierName } from './identifier.ts'
import { beside, type Doc, hardLine, ifBroken, indent, join, lazyGroup, line, softLine } from './doc.ts'

/** Plain data that can be written as a literal; a key whose value is undefined is left out. */
export type Plain =
  | string
  | number
  | boolean
  | bigint
  | readonly Plain[]
  | { readonly [key: string]: Plain | undefined }

/** `text` in the quotes that need fewer escapes; everything that an editor would not show is escaped. */
function stringLiteral(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`
  const quote = count(text, "'") > count(text, '"') ? '"' : "'"
  const escaped = Array.from(text, (char) => {
    if (char === quote || char === '\\') return `\\${char}`
    if (char === '\n') return '\\n'
    if (char === '\r') return '\\r'
    if (char === '\t') return '\\t'
    if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char
    const code = char.codePointAt(0) as number
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return quote + escaped.join('') + quote
}

/** Nothing to escape, and no reason for other quotes. */
const PLAIN = /^[ !#-&(-[\]-~]*$/

const count = (text: string, char: string): number => text.split(char).length - 1

/** A literal of plain data; lists of several objects have a line for each, everything else is on one line if it fits. */
export function literalDoc(value: Plain): Doc {
  if (isList(value)) return listDoc(value)
  return isObject(value) ? objectDoc(value) : literalText(value)
}

function literalText(value: string | number | bigint | boolean): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value === 'number') return String(value).replace('e+', 'e')
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)
const isObject = (value: Plain): value is { readonly [key: string]: Plain | undefined } =>
  typeof value === 'object' && !isList(value)

function listDoc(items: readonly Plain[]): Doc {
  if (items.length === 0) return '[]'
  return lazyGroup(flatLiteral(items), () => {
    const between = hasRows(items) ? hardLine : softLine
    const parts = items.map(literalDoc)
    return ['[', indent(between, join([',', hasRows(items) ? hardLine : line], parts)), ifBroken(','), between, ']']
  })
}

function objectDoc(object: { readonly [key: string]: Plain | undefined }): Doc {
  return lazyGroup(flatLiteral(object), () => {
    const parts = Object.entries(object).flatMap(([key, value]): Doc[] =>
      value === undefined ? [] : [propertyDoc(propertyKey(key), literalDoc(value))],
    )
    return parts.length === 0 ? '{}' : ['{', indent(line, join([',', line], parts)), ifBroken(','), line, '}']
  })
}

/** Lists of several objects have a line for each. */
const hasRows = (items: readonly Plain[]): boolean =>
  items.length > 1 && items.every((item) => isObject(item) && Object.keys(item).length > 1)

/** A literal on one line; undefined where a list inside has a line for each of its objects. */
function flatLiteral(value: Plain): string | undefined {
  if (isList(value)) {
    if (hasRows(value)) return undefined
    const parts = value.map(flatLiteral)
    return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`
  }
  if (!isObject(value)) return literalText(value)
  let text = ''
  for (const key of Object.keys(value)) {
    const part = value[key]
    if (part === undefined) continue
    const flat = flatLiteral(part)
    if (flat === undefined) return undefined
    text += `${text === '' ? '{ ' : ', '}${propertyKey(key)}: ${flat}`
  }
  return text === '' ? '{}' : `${text} }`
}

/** A name of up to four letters leaves so little below it that the formatter does not break behind it. */
const SHORT_KEY = 4

/** A property of an object, its value below the name if there is no room beside it. */
export const propertyDoc = (key: string, value: Doc): Doc =>
  key.length <= SHORT_KEY ? [key, ': ', value] : [key, ':', beside(value)]

/** `parts` as an object with a line for each. */
export function openObject(parts: readonly Doc[]): Doc {
  if (parts.length === 0) return '{}'
  return ['{', indent(parts.map((part) => [hardLine, part, ','])), hardLine, '}']
}

/** A property's name, quoted where it must be. `__proto__` is computed: as it stands it would set the prototype. */
export function propertyKey(name: string): string {
  if (name === '__proto__') return `['__proto__']`
  return isIdentifierName(name) ? name : stringLiteral(name)
}
