import { RivuletError } from './errors.ts'
import type { StructDef, Types } from './schema.ts'

/**
 * The struct called `ref`, unchecked: for readers of a descriptor that somebody else checks, so that they need not carry the checks. Throws `schema` when no table has it.
 *
 * @example
 * namedStruct(BoardStore.types, BoardStore.state).fields.map((field) => field.name)
 */
export function namedStruct(types: Types, ref: string): StructDef {
  for (const table of types) {
    if (Object.hasOwn(table, ref)) return table[ref] as StructDef
  }
  throw new RivuletError('schema', `no struct is called "${ref}"`, {
    hint: 'Add the table that defines it to `types`.',
  })
}
