import { checkStruct } from './check-types.ts'
import { namedStruct } from './named-struct.ts'
import type { FieldDef, StructDef, Types } from './schema.ts'

const checked = new WeakMap<Types, Map<string, StructDef>>()

/**
 * The struct called `ref`. Throws `schema` when no table has it, or when it contradicts itself (naming struct and field).
 *
 * @example
 * structOf(BoardStore.types, BoardStore.state).fields.map(({ name }) => name) // ['board', 'xTurn']
 */
export function structOf(types: Types, ref: string): StructDef {
  let found = checked.get(types)
  if (found === undefined) checked.set(types, (found = new Map()))
  const known = found.get(ref)
  if (known !== undefined) return known
  const def = namedStruct(types, ref)
  checkStruct(types, ref, def)
  found.set(ref, def)
  return def
}

/**
 * A field's name in the host's source, as subscription keys spell it.
 *
 * @example
 * wireNameOf({ name: 'xTurn', id: 2, type: { kind: 'bool' } }) // 'XTurn'
 */
export function wireNameOf(field: FieldDef): string {
  return field.wire ?? field.name.charAt(0).toUpperCase() + field.name.slice(1)
}
