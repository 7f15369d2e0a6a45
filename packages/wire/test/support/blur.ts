import { canBeNull, equalValues, structOf, type TypeNode, type Types, zeroOf } from '../../src/index.ts'

/**
 * A value in which everything that deltas cannot always tell apart looks the same: null and empty collections, null and all-zero structs behind pointers, zero elements and missing ones.
 */
export function blur(types: Types, node: TypeNode, v: unknown): unknown {
  switch (node.kind) {
    case 'pointer': {
      if (v === null || v === undefined) return null
      const boxed = node.notNull !== true && canBeNull(node.elem)
      const inner = blur(types, node.elem, boxed ? (v as { value: unknown }).value : v)
      return boxed ? { value: inner } : node.elem.kind === 'struct' && isZero(types, node.elem, v) ? null : inner
    }
    case 'array': {
      const out = ((v ?? []) as unknown[]).map((item) => blur(types, node.elem, item))
      while (out.length > 0 && isBlank(types, node.elem, out.at(-1))) out.pop()
      return out
    }
    case 'bytes': {
      const out = [...((v ?? []) as Uint8Array)]
      while (out.at(-1) === 0) out.pop()
      return out
    }
    case 'map': {
      const entries = [...((v ?? new Map()) as Map<unknown, unknown>)].map(
        ([k, item]) => [k, blur(types, node.value, item)] as const,
      )
      return new Map(entries.filter(([, item]) => !isBlank(types, node.value, item)))
    }
    case 'set':
      return new Set((v ?? []) as Set<unknown>)
    case 'struct':
      return Object.fromEntries(
        structOf(types, node.ref).fields.map((f) => [
          f.name,
          blur(types, f.type, (v as Record<string, unknown>)[f.name]),
        ]),
      )
    default:
      return v
  }
}

function isZero(types: Types, node: TypeNode, v: unknown): boolean {
  return JSON.stringify(spell(blur(types, node, v))) === JSON.stringify(spell(blur(types, node, zeroOf(types, node))))
}

function isBlank(types: Types, node: TypeNode, blurred: unknown): boolean {
  if (blurred === null) return true
  const zero = blur(types, node, zeroOf(types, node))
  return equalValues(types, node, zero, blurred) || JSON.stringify(spell(zero)) === JSON.stringify(spell(blurred))
}

/** Spells what JSON cannot. */
function spell(v: unknown): unknown {
  if (typeof v === 'bigint') return `${v}n`
  if (typeof v === 'number') return String(v)
  if (v instanceof Map) return { map: [...v].map(([k, x]) => [spell(k), spell(x)]) }
  if (v instanceof Set) return { set: [...v].map(spell) }
  if (v instanceof Date) return { at: v.getTime() }
  if (Array.isArray(v)) return v.map(spell)
  if (typeof v === 'object' && v !== null) return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, spell(x)]))
  return v
}
