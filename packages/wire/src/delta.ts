import type { PathPart } from './schema.ts'

/**
 * A change of one partial struct: an operation per changed field, under the field's property name (wire.md §9).
 *
 * | field type | operation |
 * | --- | --- |
 * | simple, `any`, flat or fielded struct, pointer | `{ set }`; `null` clears a pointer |
 * | struct or pointer to struct that is changed in place (`mod`) | `{ whole?, mod? }`, whole first |
 * | list, bytes | `{ whole?, sets?, mods? }`, in this order; keys are indices, bytes are set as numbers |
 * | map | `{ whole?, sets?, deletes?, mods? }`, in this order |
 * | set | `{ whole?, sets?, deletes? }`; `sets` holds the added keys, mapped to `true` |
 *
 * @example
 * const delta: Delta = { xTurn: { set: false }, cells: { sets: new Map([[4, 'X']]) } }
 */
export type Delta = Readonly<Record<string, FieldDelta>>

/** What happens to one field; see {@link Delta}. A property that is absent is no operation (`whole: null` is one: it clears a pointer). */
export interface FieldDelta {
  readonly set?: unknown
  readonly whole?: unknown
  readonly mod?: Delta
  readonly sets?: ReadonlyMap<PathPart, unknown>
  readonly deletes?: ReadonlySet<PathPart>
  readonly mods?: ReadonlyMap<PathPart, Delta>
}
