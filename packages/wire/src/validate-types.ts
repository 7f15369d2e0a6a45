import type { Types } from './schema.ts'
import { structOf } from './struct-table.ts'

/**
 * Checks every struct in `types`, so that a wrong descriptor fails where it is written and not where it is first used.
 *
 * Throws `RivuletError` `schema` naming struct and field: a missing, duplicate or impossible id, a name used twice, an unknown kind or reference,
 * `mod` where deltas cannot reach, a struct that contains itself by value (wire.md §6, §11).
 *
 * @example
 * validateTypes([gameTypes, sharedTypes])
 */
export function validateTypes(types: Types): void {
  for (const table of types) for (const ref of Object.keys(table)) structOf(types, ref)
}
