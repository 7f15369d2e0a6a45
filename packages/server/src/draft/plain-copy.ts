import { RivuletError } from '@rivulet/wire'
import { DraftMap } from './draft-map.ts'
import { type DraftNode, nodeOf, pathOf } from './draft-node.ts'

/** Deeper than any state that can be encoded; a cycle ends here. */
const MAX_DEPTH = 512

/** The data in `value` with no draft left in it. Parts that the recipe did not touch are shared with the state. Throws `too-deep` for cycles. */
export function plainCopy(value: unknown, within: DraftNode, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value
  if (depth > MAX_DEPTH) {
    throw new RivuletError('too-deep', 'an assigned value nests too deeply, or contains itself', {
      store: within.scope.store,
      path: pathOf(within),
    })
  }
  const node = nodeOf(value) ?? nodeOf(within.scope.brought.get(value))
  if (node !== undefined && !node.dirty && !node.fresh) return node.base
  const source = node === undefined ? value : node.content
  const copy = (part: unknown): unknown => plainCopy(part, within, depth + 1)
  if (source instanceof DraftMap) {
    const out = new Map<unknown, unknown>()
    for (const key of source.present()) out.set(key, copy(source.peek(key)))
    return out
  }
  if (source instanceof Map) return new Map([...source].map(([key, part]) => [key, copy(part)]))
  if (source instanceof Set) return new Set(source)
  if (Array.isArray(source)) return Array.from(source, copy)
  return Object.fromEntries(Object.entries(source).map(([name, part]) => [name, copy(part)]))
}
