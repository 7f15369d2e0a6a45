import { structOf, type TypeNode, type Types } from '@rivulet/wire'
import { isBoxed } from './schema-walk.ts'

/**
 * Applies what changed between `from` and `to` to `base`, a value of the same type: where `from` and `to` are the same, `base` stays; where they differ, `to` counts, down to fields, map keys and set members.
 * Lists whose length has changed, bytes and scalars count as a whole. Pure; untouched parts keep their identity, and so does the result when `base` is `from` or `to`.
 *
 * Whatever `base` is, `rebase(from)` is `to`, and what two changes touch apart from each other may come in any order.
 */
export function rebase(types: Types, node: TypeNode, base: unknown, from: unknown, to: unknown): unknown {
  if (Object.is(from, to)) return base
  if (Object.is(base, from) || Object.is(base, to) || isNothing(base) || isNothing(from) || isNothing(to)) return to
  switch (node.kind) {
    case 'pointer':
      if (!isBoxed(node)) return rebase(types, node.elem, base, from, to)
      return { value: rebase(types, node.elem, unbox(base), unbox(from), unbox(to)) }
    case 'struct': {
      const out: Record<string, unknown> = { ...(base as Fields) }
      for (const { name, type } of structOf(types, node.ref).fields)
        out[name] = rebase(types, type, (base as Fields)[name], (from as Fields)[name], (to as Fields)[name])
      return out
    }
    case 'map':
      return rebaseMap(types, node.value, base as Entries, from as Entries, to as Entries)
    case 'set':
      return rebaseSet(base as Members, from as Members, to as Members)
    case 'array':
      return rebaseList(types, node.elem, base as List, from as List, to as List)
    default:
      return to
  }
}

type Fields = Readonly<Record<string, unknown>>
type Entries = ReadonlyMap<unknown, unknown>
type Members = ReadonlySet<unknown>
type List = readonly unknown[]

function rebaseMap(types: Types, type: TypeNode, base: Entries, from: Entries, to: Entries): Entries {
  const out = new Map(base)
  for (const key of from.keys()) if (!to.has(key)) out.delete(key)
  for (const [key, value] of to) {
    const before = from.get(key)
    if (from.has(key) && Object.is(before, value)) continue
    out.set(key, rebase(types, type, base.get(key), before, value))
  }
  return out
}

function rebaseSet(base: Members, from: Members, to: Members): Members {
  const out = new Set(base)
  for (const member of from) if (!to.has(member)) out.delete(member)
  for (const member of to) if (!from.has(member)) out.add(member)
  return out
}

// Where elements came or went, the same index means another element in each of the three.
function rebaseList(types: Types, type: TypeNode, base: List, from: List, to: List): List {
  if (from.length !== to.length || base.length !== to.length) return to
  return to.map((value, i) => rebase(types, type, base[i], from[i], value))
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function unbox(value: unknown): unknown {
  return (value as { readonly value: unknown }).value
}
