import type { DynamicValue } from './dynamic.ts'
import type { TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'

/**
 * Whether two values of one type are equal, as a host compares them before it sends a change (wire.md §9.3): deep, times by instant, bytes by content.
 * NaN equals NaN; 0 equals −0; null (nil) differs from empty; maps and sets are equal in any order.
 *
 * @example
 * equalValues(types, { kind: 'time' }, new Date(0), new Date(0)) // true
 */
export function equalValues(types: Types, node: TypeNode, a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || a === undefined || b === undefined) return false
  switch (node.kind) {
    case 'float32':
    case 'float64':
      return Number.isNaN(a) && Number.isNaN(b)
    case 'int64':
    case 'uint64':
      // An exact number and a bigint may stand for the same integer.
      return typeof a === typeof b ? false : BigInt(a as number | bigint) === BigInt(b as number | bigint)
    case 'time':
      return millis(a) === millis(b)
    case 'bytes':
      return equalBytes(a as Uint8Array, b as Uint8Array)
    case 'pointer':
      return node.notNull !== true && canBeNull(node.elem)
        ? equalValues(types, node.elem, (a as Box).value, (b as Box).value)
        : equalValues(types, node.elem, a, b)
    case 'array':
      return equalLists(types, node.elem, a as readonly unknown[], b as readonly unknown[])
    case 'map':
      return equalMaps(types, node.value, a as ReadonlyMap<unknown, unknown>, b as ReadonlyMap<unknown, unknown>)
    case 'set':
      return equalSets(a as ReadonlySet<unknown>, b as ReadonlySet<unknown>)
    case 'struct': {
      for (const field of structOf(types, node.ref).fields) {
        if (!equalValues(types, field.type, (a as Struct)[field.name], (b as Struct)[field.name])) return false
      }
      return true
    }
    case 'any':
      return (
        equalTypes((a as DynamicValue).type, (b as DynamicValue).type) &&
        equalValues(types, (a as DynamicValue).type, (a as DynamicValue).value, (b as DynamicValue).value)
      )
    default:
      return false
  }
}

type Struct = Readonly<Record<string, unknown>>
type Box = { readonly value: unknown }

function millis(v: unknown): unknown {
  return v instanceof Date ? v.getTime() : v
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function equalLists(types: Types, elem: TypeNode, a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!equalValues(types, elem, a[i], b[i])) return false
  return true
}

function equalMaps(
  types: Types,
  value: TypeNode,
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
): boolean {
  if (a.size !== b.size) return false
  for (const [key, item] of a) {
    const other = b.get(key)
    if (other === undefined || !equalValues(types, value, item, other)) return false
  }
  return true
}

function equalSets(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  if (a.size !== b.size) return false
  for (const key of a) if (!b.has(key)) return false
  return true
}

/** Whether two dynamic values travelled with the same type. */
function equalTypes(a: TypeNode, b: TypeNode): boolean {
  if (a === b) return true
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case 'pointer':
    case 'array':
      return equalTypes(a.elem, (b as typeof a).elem)
    case 'map':
      return equalTypes(a.key, (b as typeof a).key) && equalTypes(a.value, (b as typeof a).value)
    case 'set':
      return equalTypes(a.key, (b as typeof a).key)
    default:
      return true
  }
}
