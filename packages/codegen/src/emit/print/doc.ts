/**
 * Text with places where it may break: what the printer lays out. A `group` is on one line if it fits there, else every `line` of it
 * breaks; groups inside decide for themselves.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'line'; readonly flat: string; readonly hard?: true }
  | { readonly kind: 'group'; readonly body: () => Doc; readonly flat: string | undefined }
  | { readonly kind: 'indent'; readonly body: Doc }
  | { readonly kind: 'ifBroken'; readonly broken: Doc; readonly flat: Doc }
  | { readonly kind: 'beside'; readonly body: Doc }

/** A space, or a new line. */
export const line: Doc = { kind: 'line', flat: ' ' }

/** Nothing, or a new line. */
export const softLine: Doc = { kind: 'line', flat: '' }

/** Always a new line; what is around it breaks, too. */
export const hardLine: Doc = { kind: 'line', flat: '', hard: true }

/** Breaks as a whole or not at all. */
export const group = (...body: readonly Doc[]): Doc => lazyGroup(flatOf(body), () => body)

/** A group whose text on one line is known, undefined where it must break: `body` is asked for only when it does. Most groups fit. */
export const lazyGroup = (flat: string | undefined, body: () => Doc): Doc => ({ kind: 'group', body, flat })

/** New lines inside start two columns further. */
export const indent = (...body: readonly Doc[]): Doc => ({ kind: 'indent', body })

/** One text if the group around it breaks, else another. */
export const ifBroken = (broken: Doc, flat: Doc = ''): Doc => ({ kind: 'ifBroken', broken, flat })

/** Behind a space, as far as there is room for its beginning, else on a line of its own, indented. */
export const beside = (body: Doc): Doc => ({ kind: 'beside', body })

/** `docs` with `separator` in between. */
export const join = (separator: Doc, docs: readonly Doc[]): Doc =>
  docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]))

/** `doc` on one line; undefined when it holds a line that always breaks. */
function flatOf(doc: Doc): string | undefined {
  if (typeof doc === 'string') return doc
  if (isList(doc)) {
    let text = ''
    for (const part of doc) {
      const flat = flatOf(part)
      if (flat === undefined) return undefined
      text += flat
    }
    return text
  }
  switch (doc.kind) {
    case 'line':
      return doc.hard === true ? undefined : doc.flat
    case 'group':
      return doc.flat
    case 'indent':
      return flatOf(doc.body)
    case 'ifBroken':
      return flatOf(doc.flat)
    default: {
      const flat = flatOf(doc.body)
      return flat === undefined ? undefined : ` ${flat}`
    }
  }
}

const isList = (doc: Doc): doc is readonly Doc[] => Array.isArray(doc)

interface Piece {
  readonly doc: Doc
  readonly depth: number
  readonly flat: boolean
}

/** Lays `doc` out in at most `width` columns, as far as it can be broken. */
export function printDoc(doc: Doc, width: number): string {
  const pieces: Piece[] = [{ doc, depth: 0, flat: false }]
  const rows: string[] = []
  let row = ''
  for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) {
    const { doc: part, depth, flat } = piece
    if (typeof part === 'string') {
      row += part
    } else if (isList(part)) {
      for (const inner of part.toReversed()) pieces.push({ doc: inner, depth, flat })
    } else if (part.kind === 'indent') pieces.push({ doc: part.body, depth: depth + 1, flat })
    else if (part.kind === 'ifBroken') pieces.push({ doc: flat ? part.flat : part.broken, depth, flat })
    else if (part.kind === 'beside') {
      const here = { doc: [' ', part.body], depth, flat }
      const below = { doc: [hardLine, part.body], depth: depth + 1, flat }
      pieces.push(flat || fits(here, pieces, width - row.length) ? here : below)
    } else if (part.kind === 'group') {
      const fitting =
        part.flat !== undefined && (flat || fits({ doc: part.flat, depth, flat: true }, pieces, width - row.length))
      if (fitting) row += part.flat
      else pieces.push({ doc: part.body(), depth, flat: false })
    } else if (flat && part.hard !== true) {
      row += part.flat
    } else {
      rows.push(row.trimEnd())
      row = '  '.repeat(depth)
    }
  }
  return [...rows, row].join('\n')
}

// Whether `next`, and what follows it up to the next break, has room.
function fits(next: Piece, rest: readonly Piece[], room: number): boolean {
  const pieces = [next]
  let following = rest.length
  let left = room
  while (left >= 0) {
    const piece = pieces.pop() ?? rest[--following]
    if (piece === undefined) return true
    const { doc, depth, flat } = piece
    if (typeof doc === 'string') left -= doc.length
    else if (isList(doc)) for (const inner of doc.toReversed()) pieces.push({ doc: inner, depth, flat })
    else if (doc.kind === 'indent') pieces.push({ doc: doc.body, depth, flat })
    else if (doc.kind === 'ifBroken') pieces.push({ doc: flat ? doc.flat : doc.broken, depth, flat })
    // What stands beside something can as well stand below it.
    else if (doc.kind === 'beside' && !flat) return true
    else if (doc.kind === 'beside') pieces.push({ doc: [' ', doc.body], depth, flat })
    else if (doc.kind === 'group' && flat && doc.flat !== undefined) left -= doc.flat.length
    else if (doc.kind === 'group') pieces.push({ doc: doc.body(), depth, flat: false })
    else if (!flat) return true
    else left -= doc.flat.length
  }
  return false
}
