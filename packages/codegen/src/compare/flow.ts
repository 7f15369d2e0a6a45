import type { SchemaField, SchemaStruct } from '../model/schema-model.ts'
import type { PartialShape, SchemaNode } from '../model/schema-node.ts'
import type { Side } from './side.ts'
import { typeText } from './type-text.ts'

/**
 * Whether what `writer` writes arrives at `reader` as it was: a reason if it does not.
 *
 * A struct of the same name on both sides counts as arriving, because it is compared on its own; one of another name is looked into.
 */
export type Reason = string | undefined

const RANGES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map(
  [8n, 16n, 32n, 64n].flatMap((width) => [
    [`int${width}`, [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n]],
    [`uint${width}`, [0n, (1n << width) - 1n]],
  ]),
)

/** One way of a value's journey. */
export interface Journey {
  readonly from: Side
  readonly to: Side
  /** Pairs of structs being looked into: a circle arrives when everything else does. */
  readonly seen?: ReadonlySet<string>
}

/** How a value gets from a writer to a reader that knows another type for it. */
export function flow(writer: SchemaNode, reader: SchemaNode, journey: Journey): Reason {
  const w = bare(writer)
  const r = bare(reader)
  const [written, read] = [RANGES.get(w.kind), RANGES.get(r.kind)]
  if (written !== undefined && read !== undefined) return integerFlow(w.kind, written, r.kind, read)
  if (w.kind !== r.kind) return other(writer, reader)
  switch (w.kind) {
    case 'pointer':
      return flow(w.elem, (r as typeof w).elem, journey)
    case 'array': {
      const elem = (r as typeof w).elem
      // A list of bytes is raw, any other list is not (wire.md §4).
      if ((bare(w.elem).kind === 'uint8') !== (bare(elem).kind === 'uint8')) return other(writer, reader)
      return flagFlow(w, r) ?? flow(w.elem, elem, journey)
    }
    case 'map': {
      const { key, value } = r as typeof w
      return flagFlow(w, r) ?? flow(w.key, key, journey) ?? flow(w.value, value, journey)
    }
    case 'set':
      return flagFlow(w, r) ?? flow(w.key, (r as typeof w).key, journey)
    case 'struct':
      return structFlow(w, r as typeof w, journey)
    case 'param':
      return w.name === (r as typeof w).name ? undefined : other(writer, reader)
    default:
      return undefined
  }
}

/** How a field's operations in deltas get from a writer to a reader (wire.md §9.1). */
export function deltaFlow(
  writer: PartialShape | undefined,
  reader: PartialShape | undefined,
  journey: Journey,
): Reason {
  if (writer === undefined || reader === undefined) {
    return writer === reader ? undefined : 'only one side has deltas for it'
  }
  if (writer.helper !== reader.helper)
    return `a delta that ${SAYS[writer.helper]} is read as one that ${SAYS[reader.helper]}`
  if ((writer.key === undefined) !== (reader.key === undefined)) return 'only one side has keys'
  return (
    (writer.key === undefined || reader.key === undefined ? undefined : flow(writer.key, reader.key, journey)) ??
    flow(writer.value, reader.value, journey) ??
    subFlow(writer.sub, reader.sub, journey)
  )
}

const SAYS: Readonly<Record<PartialShape['helper'], string>> = {
  scalar: 'replaces the value',
  pointer: 'replaces or clears the value',
  value: 'replaces the struct or changes it in place',
  array: 'replaces elements',
  modArray: 'replaces elements or changes them in place',
  map: 'replaces and deletes entries',
  modMap: 'replaces and deletes entries or changes them in place',
  set: 'adds and deletes keys',
}

function subFlow(writer: string | undefined, reader: string | undefined, journey: Journey): Reason {
  if (writer === reader || writer === undefined || reader === undefined) return undefined
  return lookInto(`delta ${writer} ${reader}`, writer, reader, journey, (w, r, inside) =>
    fieldsFlow(w, r, (one, two) => deltaFlow(one.partial, two.partial, inside)),
  )
}

/** A pointer marked not-null takes no byte: it is its pointee. */
function bare(node: SchemaNode): SchemaNode {
  return node.kind === 'pointer' && node.notNull === true ? bare(node.elem) : node
}

const other = (w: SchemaNode, r: SchemaNode): string => `the bytes of ${typeText(w)} are read as ${typeText(r)}`

function flagFlow(w: SchemaNode & { readonly notNull?: true }, r: SchemaNode & { readonly notNull?: true }): Reason {
  if (w.notNull === r.notNull) return undefined
  return w.notNull === true
    ? 'the reader expects a null flag that is not there'
    : 'the reader does not expect the null flag'
}

function integerFlow(
  writer: string,
  [low, high]: readonly [bigint, bigint],
  reader: string,
  [least, most]: readonly [bigint, bigint],
): Reason {
  if (low < least) return `a negative ${writer} is read as another ${reader}`
  if (high > most) return `a ${writer} above ${most} is cut to ${reader}`
  // Go negates a minimum before it widens it, which only a reader of the same width undoes (wire.md §1).
  if (low < 0n && high < most) return `the lowest ${writer}, written by a Go peer, is read as ${-low}`
  return undefined
}

type Ref = Extract<SchemaNode, { kind: 'struct' }>

/** Type arguments without what a front end noted beside them. */
const plainText = (args: unknown): string | undefined =>
  JSON.stringify(args, (name, part: unknown) => (name === 'extra' ? undefined : part))

function structFlow(w: Ref, r: Ref, journey: Journey): Reason {
  if (plainText(w.args) !== plainText(r.args)) return other(w, r)
  if (w.ref === r.ref) return undefined
  return lookInto(`${w.ref} ${r.ref}`, w.ref, r.ref, journey, (writer, reader, inside) => {
    if ((writer.flavour === 'flat') !== (reader.flavour === 'flat')) return other(w, r)
    if (writer.flavour !== 'flat') return fieldsFlow(writer, reader, (one, two) => flow(one.node, two.node, inside))
    if (writer.fields.length !== reader.fields.length) return other(w, r)
    for (const [index, field] of reader.fields.entries()) {
      const reason = flow((writer.fields[index] as SchemaField).node, field.node, inside)
      if (reason !== undefined) return reason
    }
    return undefined
  })
}

function lookInto(
  key: string,
  writer: string,
  reader: string,
  journey: Journey,
  look: (w: SchemaStruct, r: SchemaStruct, inside: Journey) => Reason,
): Reason {
  if (journey.seen?.has(key) === true) return undefined
  const w = journey.from.structs.get(writer)
  const r = journey.to.structs.get(reader)
  if (w === undefined || r === undefined) return `${writer} is read as ${reader}, which the schema does not have`
  return look(w, r, { ...journey, seen: new Set([...(journey.seen ?? []), key]) })
}

/** Fields that both sides have, by id: others are skipped, or read as zero. */
function fieldsFlow(w: SchemaStruct, r: SchemaStruct, each: (one: SchemaField, two: SchemaField) => Reason): Reason {
  for (const field of r.fields) {
    const same = w.fields.find(({ id }) => id === field.id)
    const reason = same === undefined ? undefined : each(same, field)
    if (reason !== undefined) return reason
  }
  return undefined
}
