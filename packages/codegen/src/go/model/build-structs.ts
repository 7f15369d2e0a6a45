import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import { partialShape } from '../../model/partial-shape.ts'
import type { SchemaField, SchemaStruct } from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { tsName } from '../../model/ts-name.ts'
import { docOf } from '../syntax/comments.ts'
import { type FieldIds, fieldIds } from './field-ids.ts'
import { refOf, type WireField, type WireStruct } from './wire-struct.ts'

/** A struct of the model and where it comes from. */
export interface BuiltStruct {
  readonly wire: WireStruct
  readonly ids: FieldIds | undefined
  readonly struct: SchemaStruct
}

/** Completes the structs: ids, and how deltas change each field, which depends on the files that the structs are in (codegen.md §1). */
export function buildStructs(
  structs: ReadonlyMap<string, WireStruct>,
  assign: boolean,
  diagnostics: Diagnostics,
): readonly BuiltStruct[] {
  const known = new Map<string, FieldIds>()
  // Embedded structs come first, because their ids are in their own declarations.
  const idsOf = (wire: WireStruct): FieldIds => {
    const ids = known.get(wire.ref) ?? fieldIds(wire, assign, promotedId, diagnostics)
    known.set(wire.ref, ids)
    return ids
  }
  const promotedId = (field: WireField): number | undefined => {
    const home = field.from === undefined ? undefined : structs.get(refOf(field.from))
    if (home === undefined || home.flavour === 'flat') return field.tag.id
    const own = home.fields.find(
      ({ field: { at } }) => at.line === field.field.at.line && at.column === field.field.at.column,
    )
    return own === undefined ? field.tag.id : idsOf(home).idOf(own)
  }
  return [...structs.values()].map((wire) => {
    const ids = wire.flavour === 'flat' ? undefined : idsOf(wire)
    return { wire, ids, struct: structOf(wire, ids, structs, diagnostics) }
  })
}

function structOf(
  wire: WireStruct,
  ids: FieldIds | undefined,
  structs: ReadonlyMap<string, WireStruct>,
  diagnostics: Diagnostics,
): SchemaStruct {
  const { syntax, file } = wire.declared
  const doc = docOf(syntax.comments)
  return {
    name: syntax.name,
    flavour: wire.flavour,
    ...(syntax.typeParams.length === 0 ? {} : { typeParams: syntax.typeParams }),
    file: file.name,
    ...(ids === undefined ? {} : { maxFieldID: ids.maxFieldID }),
    fields: wire.fields.map((field) => fieldOf(field, wire, ids, structs, diagnostics)),
    extra: { at: syntax.at, ...(doc === undefined ? {} : { doc }) },
  }
}

function fieldOf(
  wire: WireField,
  parent: WireStruct,
  ids: FieldIds | undefined,
  structs: ReadonlyMap<string, WireStruct>,
  diagnostics: Diagnostics,
): SchemaField {
  const { field, node, embedded } = wire
  const id = ids?.idOf(wire)
  const partial = parent.flavour === 'partial' ? partialShape(node, (ref) => nests(ref, parent, structs)) : undefined
  if (partial !== undefined && partial.sub === undefined) warnOfBoundary(wire, parent, structs, diagnostics)
  return {
    goName: field.name,
    tsName: tsName(field.name),
    ...(id === undefined ? {} : { id }),
    node,
    ...(partial === undefined ? {} : { partial }),
    extra: {
      at: field.at,
      typeText: field.type.text,
      ...(field.doc === undefined ? {} : { doc: field.doc }),
      ...(embedded.length === 0 ? {} : { embedded }),
    },
  }
}

function nests(ref: string, parent: WireStruct, structs: ReadonlyMap<string, WireStruct>): boolean {
  const child = structs.get(ref)
  return child?.flavour === 'partial' && child.declared.file === parent.declared.file
}

// The rule bites where moving a declaration would change the bytes: say so before somebody does.
function warnOfBoundary(
  { field, node }: WireField,
  parent: WireStruct,
  structs: ReadonlyMap<string, WireStruct>,
  diagnostics: Diagnostics,
): void {
  const ref = directStruct(node)
  const child = ref === undefined ? undefined : structs.get(ref)
  if (child?.flavour !== 'partial') return
  const { file } = child.declared
  const owner = `${parent.declared.syntax.name}.${field.name}`
  const message = `${owner} is replaced whole by every delta, because ${child.ref} is declared in ${file.path} and not in this file`
  const hint =
    'For deltas inside it declare both in one file. That changes the bytes, so all peers must change together.'
  diagnostics.warning('file-boundary', field.at, message, hint)
}

function directStruct(node: SchemaNode): string | undefined {
  const inner = node.kind === 'array' ? node.elem : node.kind === 'map' ? node.value : node
  const target = inner.kind === 'pointer' ? inner.elem : inner
  return target.kind === 'struct' ? target.ref : undefined
}
