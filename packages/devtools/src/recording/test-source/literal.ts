import { quote, widthOf } from './quote.ts'

/** A value as source text: what can only stand on one line, or a group that can be broken. */
type Doc = string | Group

interface Group {
  readonly open: string
  readonly close: string
  readonly items: readonly { readonly key: string; readonly value: Doc }[]
  /** Never on one line. */
  readonly broken: boolean
  /** As many on a line as fit. */
  readonly filled: boolean
  /** Spaces inside the brackets. */
  readonly spaced: boolean
}

const WIDTH = 120

/**
 * A value of a state as a literal that evaluates to an equal one: plain objects, lists, `Map`, `Set`, `Date`, `Uint8Array`, bigints, `-0`, `NaN`. It is laid out as Prettier and oxfmt lay out TypeScript without
 * semicolons at 120 columns, where `before` stands in front of it at `indent` and `after` behind it.
 */
export function literal(value: unknown, before = '', after = '', indent = 0): string {
  return before + print(docOf(value), indent, indent + widthOf(before), widthOf(after)) + after
}

function docOf(value: unknown): Doc {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Date) return dateText(value)
  if (value instanceof Uint8Array) return wrapped('Uint8Array', [...value])
  if (value instanceof Map) return wrapped('Map', [...value])
  if (value instanceof Set) return wrapped('Set', [...value])
  if (Array.isArray(value)) return listDoc('[', ']', value)
  const items = Object.entries(value).map(([key, item]) => ({ key: `${keyText(key)}: `, value: docOf(item) }))
  if (items.length === 0) return '{}'
  return { open: '{', close: '}', items, broken: false, filled: false, spaced: true }
}

function wrapped(name: string, items: readonly unknown[]): Doc {
  return items.length === 0 ? `new ${name}()` : listDoc(`new ${name}([`, '])', items)
}

function listDoc(open: string, close: string, values: readonly unknown[]): Doc {
  if (values.length === 0) return open + close
  const many = values.length > 1
  return {
    open,
    close,
    items: values.map((value) => ({ key: '', value: docOf(value) })),
    // Rows of a table: several lists or objects, each of more than one part.
    broken:
      many && (values.every((value) => lengthOfList(value) > 1) || values.every((value) => sizeOfObject(value) > 1)),
    filled: many && values.every((value) => typeof value === 'number' && Number.isFinite(value)),
    spaced: false,
  }
}

function lengthOfList(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function sizeOfObject(value: unknown): number {
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? Object.keys(value).length : 0
}

/** On one line, or null for what never is. */
function flat(doc: Doc): string | null {
  if (typeof doc === 'string') return doc
  if (doc.broken) return null
  const parts: string[] = []
  for (const { key, value } of doc.items) {
    const one = flat(value)
    if (one === null) return null
    parts.push(key + one)
  }
  const space = doc.spaced ? ' ' : ''
  return doc.open + space + parts.join(', ') + space + doc.close
}

/** `doc` where `column` characters of the line are taken and `after` must follow on its last one. */
function print(doc: Doc, indent: number, column: number, after: number): string {
  if (typeof doc === 'string') return doc
  const one = flat(doc)
  if (one !== null && column + widthOf(one) + after <= WIDTH) return one
  const inner = indent + 2
  const lead = `\n${' '.repeat(inner)}`
  const body = doc.filled ? fill(doc, inner) : doc.items.map((item) => lead + property(item, inner)).join(',')
  return `${doc.open}${body},\n${' '.repeat(indent)}${doc.close}`
}

/** Under this width of a key there is no gain in a line break behind it. */
const SHORT_KEY = 5

function property({ key, value }: Group['items'][number], indent: number): string {
  const width = indent + widthOf(key)
  const isText = typeof value === 'string' && /^['"]/.test(value)
  if (isText && key.length - 2 >= SHORT_KEY && width + widthOf(value) + 1 > WIDTH)
    return `${key.trimEnd()}\n${' '.repeat(indent + 2)}${value}`
  return key + print(value, indent, width, 1)
}

function fill({ items }: Group, indent: number): string {
  let column = WIDTH + 1
  const parts = items.map(({ value: number }) => {
    const value = number as string
    // The last one has its comma too, written by the caller.
    const width = value.length + 1
    const fits = column + 1 + width <= WIDTH
    column = fits ? column + 1 + width : indent + width
    return `${fits ? ' ' : `\n${' '.repeat(indent)}`}${value}`
  })
  return parts.join(',')
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return String(value).replace('e+', 'e')
}

function dateText(date: Date): string {
  const time = date.getTime()
  return Number.isNaN(time) ? 'new Date(NaN)' : `new Date('${date.toISOString()}')`
}

function keyText(key: string): string {
  // Written plainly it would be the prototype.
  if (key === '__proto__') return "['__proto__']"
  return /^[$A-Z_a-z][\w$]*$/.test(key) ? key : quote(key)
}
