import type { StructDef, TypeNode, Types } from './schema.ts'
import { structOf } from './struct-table.ts'
import { zeroStructWith, zeroWith } from './zero-with.ts'

/**
 * The value that an absent field stands for: 0, `''`, `false`, `null`, the zero time, a struct of zeros (wire.md §6.1).
 * Always fresh, so that an owner may change it in place. Throws `schema` for a struct that is missing or contradicts itself.
 *
 * @example
 * zeroOf(BoardStore.types, { kind: 'string' }) // ''
 */
export function zeroOf(types: Types, node: TypeNode): unknown {
  return zeroWith(structOf, types, node)
}

/**
 * A struct in which every field is absent.
 *
 * @example
 * zeroStruct(BoardStore.types, structOf(BoardStore.types, BoardStore.state)) // { board: null, xTurn: false }
 */
export function zeroStruct(types: Types, def: StructDef): Record<string, unknown> {
  return zeroStructWith(structOf, types, def)
}
