import type { TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'

/** A copy of every container in a value (Dates and dynamic values are never changed in place, so they stay). */
export function cloneValue(types: Types, node: TypeNode, v: unknown): unknown {
  if (typeof v !== 'object' || v === null) return v
  switch (node.kind) {
    case 'bytes':
      return (v as Uint8Array).slice()
    case 'pointer':
      return node.notNull !== true && canBeNull(node.elem)
        ? { value: cloneValue(types, node.elem, (v as { value: unknown }).value) }
        : cloneValue(types, node.elem, v)
    case 'array':
      return (v as readonly unknown[]).map((item) => cloneValue(types, node.elem, item))
    case 'map':
      return new Map(Array.from(v as Map<unknown, unknown>, ([k, item]) => [k, cloneValue(types, node.value, item)]))
    case 'set':
      return new Set(v as Set<unknown>)
    case 'struct': {
      const out: Record<string, unknown> = { ...v }
      for (const field of structOf(types, node.ref).fields)
        out[field.name] = cloneValue(types, field.type, out[field.name])
      return out
    }
    default:
      return v
  }
}
