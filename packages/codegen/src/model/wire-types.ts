import {
  type FieldDef,
  type KeyNode,
  RivuletError,
  type StructDef,
  type StructTable,
  type TypeNode,
} from '@rivulet/wire'
import type { SchemaField, SchemaModel, SchemaPacket, SchemaStruct } from './schema-model.ts'
import type { SchemaNode } from './schema-node.ts'
import { substitute } from './substitute.ts'

type AnyStruct = SchemaStruct | SchemaPacket
type Params = ReadonlyMap<string, SchemaNode>

/** How {@link wireTypes} reads what JavaScript has two types for. */
export interface WireTypesOptions {
  /** How 64-bit integers are read; `number` by default. */
  readonly wide?: 'number' | 'bigint'
}

/**
 * The model's structs and packets as the descriptors that `@rivulet/wire` encodes and decodes with. A generic struct becomes one struct per list of type
 * arguments, called `package.Name[arguments]`: its arguments never travel (wire.md §7).
 *
 * Throws `schema` when the model refers to a struct that it does not have.
 *
 * @example
 * const value = decodeValue([wireTypes(model)], { kind: 'struct', ref: 'glass.Bed' }, bytes)
 */
export function wireTypes(model: SchemaModel, { wide = 'number' }: WireTypesOptions = {}): StructTable {
  const declared = new Map<string, AnyStruct>()
  for (const { name, structs, packets } of model.packages)
    for (const struct of [...structs, ...packets]) declared.set(`${name}.${struct.name}`, struct)
  const table: Record<string, StructDef> = {}

  const define = (name: string, struct: AnyStruct, params: Params): void => {
    if (Object.hasOwn(table, name)) return
    const fields: FieldDef[] = []
    // First the name, then the fields: a struct may contain itself behind a pointer.
    table[name] = { form: struct.flavour, fields }
    for (const field of struct.fields) fields.push(fieldOf(field, params))
  }

  const fieldOf = (field: SchemaField, params: Params): FieldDef => ({
    name: field.tsName,
    wire: field.goName,
    ...(field.id === undefined ? {} : { id: field.id }),
    type: nodeOf(field.node, params),
    ...(field.partial?.sub === undefined ? {} : { mod: true }),
  })

  const structOf = (ref: string, args: readonly SchemaNode[]): TypeNode => {
    const struct = declared.get(ref)
    if (struct === undefined) throw new RivuletError('schema', `the model has no struct "${ref}"`)
    if (args.length === 0) return { kind: 'struct', ref }
    const names = 'typeParams' in struct ? (struct.typeParams ?? []) : []
    const name = `${ref}[${args.map((arg) => JSON.stringify(arg)).join(', ')}]`
    define(name, struct, new Map(args.map((arg, index) => [names[index] ?? '', arg])))
    return { kind: 'struct', ref: name }
  }

  const nodeOf = (node: SchemaNode, params: Params): TypeNode => {
    const flag = 'notNull' in node && node.notNull ? { notNull: true } : {}
    switch (node.kind) {
      case 'param': {
        const arg = params.get(node.name)
        if (arg === undefined) throw new RivuletError('schema', `the type parameter ${node.name} has no argument`)
        return nodeOf(arg, new Map())
      }
      case 'int64':
      case 'uint64':
        return { kind: node.kind, ...(wide === 'bigint' ? { as: 'bigint' } : {}), ...named(node.named) }
      case 'pointer':
        return { kind: 'pointer', elem: nodeOf(node.elem, params), ...flag }
      case 'array': {
        const elem = nodeOf(node.elem, params)
        return elem.kind === 'uint8' ? { kind: 'bytes', ...flag } : { kind: 'array', elem, ...flag }
      }
      case 'map':
        return { kind: 'map', key: nodeOf(node.key, params) as KeyNode, value: nodeOf(node.value, params), ...flag }
      case 'set':
        return { kind: 'set', key: nodeOf(node.key, params) as KeyNode, ...flag }
      case 'struct':
        return structOf(
          node.ref,
          (node.args ?? []).map((arg) => substitute(arg, params)),
        )
      case 'time':
      case 'any':
        return { kind: node.kind }
      default:
        return { kind: node.kind, ...named(node.named) }
    }
  }

  for (const [name, struct] of declared) {
    const generic = 'typeParams' in struct && (struct.typeParams?.length ?? 0) > 0
    if (!generic) define(name, struct, new Map())
  }
  return table
}

const named = (name: string | undefined): { named?: string } => (name === undefined ? {} : { named: name })
