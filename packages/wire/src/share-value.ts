import { equalValues } from './equal-values.ts'
import type { TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'

/**
 * `before` when the two values are equal, else `after` in which every equal part is `before`'s object.
 * With `fresh` the parts of `after` are replaced in place; otherwise `after` is not touched and its changed containers are copied.
 *
 * @example
 * const next = shareValue(types, node, shown, decodeValue(types, node, bytes), true) // next.place === shown.place unless it differs
 */
export function shareValue(types: Types, node: TypeNode, before: unknown, after: unknown, fresh: boolean): unknown {
  if (before === after) return before
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
    return equalValues(types, node, before, after) ? before : after
  }
  switch (node.kind) {
    case 'pointer': {
      if (node.notNull === true || !canBeNull(node.elem)) return shareValue(types, node.elem, before, after, fresh)
      const old = (before as Box).value
      const inner = shareValue(types, node.elem, old, (after as Box).value, fresh)
      return identical(inner, old) ? before : { value: inner }
    }
    case 'array':
      return shareList(types, node.elem, before as readonly unknown[], after as unknown[], fresh)
    case 'map':
      return shareMap(types, node.value, before as Entries, after as Map<unknown, unknown>, fresh)
    case 'struct':
      return shareStruct(types, node.ref, before as Struct, after as Struct, fresh)
    default:
      return equalValues(types, node, before, after) ? before : after
  }
}

type Struct = Record<string, unknown>
type Entries = ReadonlyMap<unknown, unknown>
type Box = { readonly value: unknown }

function shareList(
  types: Types,
  elem: TypeNode,
  before: readonly unknown[],
  after: unknown[],
  fresh: boolean,
): unknown {
  let out = after
  let same = before.length === after.length
  const shared = Math.min(before.length, after.length)
  for (let i = 0; i < shared; i++) {
    const value = shareValue(types, elem, before[i], after[i], fresh)
    if (value !== after[i]) {
      if (out === after && !fresh) out = after.slice()
      out[i] = value
    }
    if (same && !identical(value, before[i])) same = false
  }
  return same ? before : out
}

function shareMap(
  types: Types,
  value: TypeNode,
  before: Entries,
  after: Map<unknown, unknown>,
  fresh: boolean,
): unknown {
  let out = after
  let same = before.size === after.size
  for (const [key, item] of after) {
    const old = before.get(key)
    if (old === undefined) {
      same = false
      continue
    }
    const now = shareValue(types, value, old, item, fresh)
    if (now !== item) {
      if (out === after && !fresh) out = new Map(after)
      out.set(key, now)
    }
    if (same && !identical(now, old)) same = false
  }
  return same ? before : out
}

function shareStruct(types: Types, ref: string, before: Struct, after: Struct, fresh: boolean): Struct {
  let out = after
  let same = true
  for (const { name, type } of structOf(types, ref).fields) {
    const old = before[name]
    const now = after[name]
    const value = shareValue(types, type, old, now, fresh)
    if (value !== now) {
      if (out === after && !fresh) out = { ...after }
      out[name] = value
    }
    if (same && !identical(value, old)) same = false
  }
  return same ? before : out
}

/** The same object or primitive: `shareValue` has already answered with the old one wherever the two are equal. */
function identical(a: unknown, b: unknown): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
