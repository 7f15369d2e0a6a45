import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { SourcePlace } from '../../model/schema-model.ts'

/** Where a setting of a YAML file stands, by its name and, in lists, by index; the file as a whole where there is no such thing. */
export type ConfigPlaces = (...path: readonly (string | number)[]) => SourcePlace | string

/** Finds the settings of `text`, which is parsed when the first place is asked for: most files have nothing wrong with them. */
export function configPlaces(file: string, text: string): ConfigPlaces {
  let parsed: { readonly document: Document; readonly lines: LineCounter } | undefined
  return (...path) => {
    if (parsed === undefined) {
      const lines = new LineCounter()
      parsed = { lines, document: parseDocument(text, { lineCounter: lines }) }
    }
    const offset = offsetOf(parsed.document, path)
    if (offset === undefined) return file
    const { line, col } = parsed.lines.linePos(offset)
    return { file, line, column: col }
  }
}

/** Of an entry of a list its own offset, of a setting that of its name. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  const last = path.at(-1)
  if (typeof last === 'number') {
    const node: unknown = document.getIn(path, true)
    return isNode(node) ? node.range?.[0] : undefined
  }
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const key = parent.items.find((item) => isScalar(item.key) && item.key.value === last)?.key
  return isNode(key) ? key.range?.[0] : undefined
}
