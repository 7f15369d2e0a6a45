import type { FieldDef, StructDef, Types } from '@rivulet/wire'
import { neutralNode, type NeutralNode } from '../../../wire/test/support/neutral.ts'
import deltas from '../../../../vectors/restream/deltas.json?raw'
import schema from '../../../../vectors/restream/schema.json?raw'
import values from '../../../../vectors/restream/values.json?raw'

interface SchemaStruct {
  readonly name: string
  readonly flavour: StructDef['form']
  readonly typeParams?: readonly string[]
  readonly fields: readonly {
    readonly goName: string
    readonly tsName: string
    readonly id?: number
    readonly node: NeutralNode
    readonly partial?: { readonly helper: string }
  }[]
}

/** The structs of the golden model that are not generic, in a form that works in a browser, too. */
function goldenTypes(): Types {
  const { packages } = JSON.parse(schema) as {
    readonly packages: readonly {
      readonly name: string
      readonly structs: readonly SchemaStruct[]
      readonly packets: readonly SchemaStruct[]
    }[]
  }
  const table: Record<string, StructDef> = {}
  for (const { name: pkg, structs, packets } of packages) {
    for (const { name, flavour, typeParams, fields } of [...structs, ...packets]) {
      if (typeParams !== undefined) continue
      table[`${pkg}.${name}`] = {
        form: flavour,
        fields: fields.map(({ goName, tsName, id, node, partial }): FieldDef => ({
          name: tsName,
          wire: goName,
          ...(id === undefined ? {} : { id }),
          type: neutralNode(node, 'bigint', {}),
          ...(['value', 'modArray', 'modMap'].includes(partial?.helper ?? '') ? { mod: true } : {}),
        })),
      }
    }
  }
  return [table]
}

/** Descriptors of the golden model. */
export const golden: Types = goldenTypes()

/** Golden deltas: the struct and the bytes in hex. */
export const goldenDeltas = (
  JSON.parse(deltas) as { readonly deltas: readonly { readonly type: string; readonly deltaHex: string }[] }
).deltas

/** Golden values: the struct and the bytes in hex. */
export const goldenValues = (
  JSON.parse(values) as { readonly values: readonly { readonly type: string; readonly hex: string }[] }
).values
