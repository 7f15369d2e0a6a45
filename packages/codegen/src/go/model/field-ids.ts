import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { type GoField, readMaxField } from '../syntax/read-fields.ts'
import type { WireField, WireStruct } from './wire-struct.ts'

/** Ids are one byte on the wire, and 0 is not used (wire.md §6.1). */
const MAX_ID = 255

/** The ids of a struct's fields. */
export interface FieldIds {
  readonly idOf: (wire: WireField) => number | undefined
  readonly maxFieldID: number
  /** What the source does not say yet. */
  readonly assigned: readonly { readonly field: GoField; readonly id: number }[]
  /** MAXFIELD as the source should have it, where it differs. */
  readonly newMax: number | undefined
}

/** What a struct that is embedded in another gave its fields. */
export type IdsOf = (wire: WireField) => number | undefined

/**
 * The ids of `struct`, checked as the reference does (codegen.md §5): every field has one, 1 to 255, no duplicates, none above MAXFIELD. With `assign`
 * fields without an id get MAXFIELD + 1 and up, in order; the promoted ones keep what `promoted` says.
 */
export function fieldIds(struct: WireStruct, assign: boolean, promoted: IdsOf, diagnostics: Diagnostics): FieldIds {
  const { syntax, file } = struct.declared
  const { name } = syntax
  const comment = syntax.type.kind === 'struct' ? readMaxField(file.path, syntax.type.node) : undefined
  const ids = new Map<WireField, number>()
  for (const wire of struct.fields) {
    const id = wire.from === undefined ? wire.tag.id : promoted(wire)
    if (id !== undefined) ids.set(wire, id)
  }
  checkRange(struct, ids, diagnostics)
  checkDuplicates(struct, ids, diagnostics)
  const own = struct.fields.filter(({ from }) => from === undefined)
  const highestOwn = Math.max(0, ...own.map((wire) => ids.get(wire) ?? 0))
  if (comment !== undefined && highestOwn > comment.value && !assign) {
    const message = `${name} has the field id ${highestOwn}, above its MAXFIELD(${comment.value})`
    diagnostics.error(
      'max-field',
      comment.at,
      message,
      `Write MAXFIELD(${highestOwn}), so that no id is ever used twice.`,
    )
  }
  if (comment === undefined && highestOwn > 0 && !assign) {
    const message = `${name} has no MAXFIELD comment, so the ids of removed fields would be used again`
    diagnostics.warning('max-field', syntax.at, message, `Write // MAXFIELD(${highestOwn}) above its first field.`)
  }
  let next = Math.max(comment?.value ?? 0, ...ids.values())
  const assigned: { field: GoField; id: number }[] = []
  for (const wire of struct.fields.filter((candidate) => !ids.has(candidate))) {
    const { field, from } = wire
    if (!assign || from !== undefined) {
      const hint =
        from === undefined
          ? 'Run the reference generator, `go run github.com/boatkit-io/restream/cmd/codegen -project .`, or read with --assign-ids.'
          : `Annotate ${from.syntax.name} with @restream.fields, so that its fields have ids.`
      diagnostics.error('missing-id', field.at, `${name}.${field.name} has no field id`, hint)
    } else if (next >= MAX_ID) {
      const message = `${name}.${field.name} would get a field id above ${MAX_ID}`
      diagnostics.error('id-range', field.at, message, 'Move some of the fields to a struct of their own.')
    } else {
      next += 1
      ids.set(wire, next)
      assigned.push({ field, id: next })
    }
  }
  const highest = Math.max(comment?.value ?? 0, ...own.map((wire) => ids.get(wire) ?? 0))
  return {
    idOf: (wire) => ids.get(wire),
    maxFieldID: Math.max(highest, ...ids.values()),
    assigned,
    newMax: assign && own.length > 0 && highest !== comment?.value ? highest : undefined,
  }
}

function checkRange({ declared, fields }: WireStruct, ids: Map<WireField, number>, diagnostics: Diagnostics): void {
  for (const wire of fields) {
    const id = ids.get(wire)
    if (id === undefined || (id >= 1 && id <= MAX_ID)) continue
    const { field } = wire
    const message = `${declared.syntax.name}.${field.name} has the field id ${id}`
    diagnostics.error('id-range', field.tag?.at ?? field.at, message, `Field ids go from 1 to ${MAX_ID}.`)
  }
}

function checkDuplicates(
  { declared, fields }: WireStruct,
  ids: Map<WireField, number>,
  diagnostics: Diagnostics,
): void {
  const holders = new Map<number, WireField>()
  for (const wire of fields) {
    const id = ids.get(wire)
    const holder = id === undefined ? undefined : holders.get(id)
    if (id !== undefined && holder === undefined) holders.set(id, wire)
    if (id === undefined || holder === undefined) continue
    const { field } = wire
    const message = `${declared.syntax.name}.${field.name} has the field id ${id} of ${holder.field.name}`
    const hint =
      field.names > 1
        ? 'Declare every field on a line of its own, with its own tag.'
        : 'Give the newer field an id above MAXFIELD: an id is never used twice.'
    diagnostics.error('duplicate-id', field.tag?.at ?? field.at, message, hint)
  }
}
