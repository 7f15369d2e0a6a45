import { partialShape } from '../../model/partial-shape.ts'
import type { SchemaField, SchemaStruct } from '../../model/schema-model.ts'
import type { Flavour } from '../../model/schema-node.ts'
import type { Assigned, UnlockedStruct } from '../lock/assign-ids.ts'
import type { Declaration } from '../syntax/declarations.ts'
import { nodeText } from '../types/node-facts.ts'
import { type Annotations, tagOf } from './annotations.ts'
import { extraOf, placeOf } from './places.ts'
import type { TsField } from './struct-fields.ts'

/** A struct that travels. */
export interface WireStruct {
  readonly declared: Declaration
  readonly annotations: Annotations
  readonly flavour: Flavour
  readonly params: readonly string[]
  readonly fields: readonly TsField[]
}

/** What the lock file has to know of a struct; nothing of flat ones, which have no ids. */
export function unlocked({ declared, flavour, fields }: WireStruct): readonly UnlockedStruct[] {
  if (flavour === 'flat') return []
  const at = placeOf(declared)
  return [
    {
      name: declared.name,
      at,
      was: tagOf(declared.doc, 'was'),
      fields: fields.map(({ name, node, at: place, id, was }) => ({ name, type: nodeText(node), at: place, id, was })),
    },
  ]
}

/** Completes a struct: the ids that it was given, and how deltas change each field. */
export function structOf(
  struct: WireStruct,
  all: { readonly packageName: string; readonly structs: ReadonlyMap<string, WireStruct>; readonly assigned: Assigned },
): SchemaStruct {
  const { declared, flavour, params, fields } = struct
  const locked = flavour === 'flat' ? undefined : all.assigned.lock.get(declared.name)
  const group = groupOf(struct, all.packageName)
  const nests = (ref: string): boolean => {
    const child = all.structs.get(ref.slice(all.packageName.length + 1))
    return child?.flavour === 'partial' && groupOf(child, all.packageName) === group
  }
  return {
    name: declared.name,
    flavour,
    ...(params.length === 0 ? {} : { typeParams: params }),
    file: group,
    ...(locked === undefined ? {} : { maxFieldID: locked.next - 1 }),
    fields: fields.map((field): SchemaField => {
      const { name, goName, node, at, typeText, doc, inherited } = field
      const id = locked?.fields.get(name)?.id
      return {
        goName,
        tsName: name,
        ...(id === undefined ? {} : { id }),
        node,
        ...(flavour === 'partial' ? { partial: partialShape(node, nests) } : {}),
        extra: {
          at,
          typeText,
          ...(doc === undefined ? {} : { doc }),
          ...(inherited.length === 0 ? {} : { embedded: inherited }),
        },
      }
    }),
    extra: extraOf(declared),
  }
}

/**
 * The file that a struct counts as being in (codegen.md §1): the same one for the whole project, wherever the declarations are, so that moving one
 * does not change the bytes; unless `@restream.file` sets a struct apart, to follow peers whose sources are apart.
 */
const groupOf = ({ annotations }: WireStruct, packageName: string): string => annotations.group ?? `${packageName}.ts`
