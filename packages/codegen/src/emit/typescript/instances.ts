import { RivuletError } from '@rivulet/wire'
import type { SchemaField } from '../../model/schema-model.ts'
import type { SchemaNode, StructNode } from '../../model/schema-node.ts'
import { partsOf } from '../../model/node-parts.ts'
import { upperFirst } from '../../model/ts-name.ts'
import { type AnyStruct, type ModelIndex, typeParamsOf } from '../model-index.ts'

/** A generic struct with its type arguments: type arguments never travel, so to the wire it is a struct of its own (wire.md §7). */
export interface Instance {
  /** Its name in a struct table: `glass.Duo[string,int32]`. */
  readonly ref: string
  /** What to call it in TypeScript: `DuoStringInt32`. */
  readonly name: string
  /** The generic struct: `glass.Duo`. */
  readonly of: string
  readonly def: AnyStruct
  /** Without type parameters. */
  readonly fields: readonly SchemaField[]
}

/** More of them than anybody writes: type arguments that grow with every step. */
const MAX_INSTANCES = 10_000

/** The name under which a struct table has the struct of a node. */
export function tableRef(node: StructNode): string {
  return node.args === undefined || node.args.length === 0 ? node.ref : `${node.ref}[${node.args.map(spell).join()}]`
}

/** The generic structs with arguments that `fields` need, each once, by name. */
export function instancesIn(fields: readonly SchemaField[], index: ModelIndex): readonly Instance[] {
  const found = new Map<string, Instance>()
  const visit = (node: SchemaNode): void => {
    if (node.kind === 'struct' && node.args !== undefined && node.args.length > 0) add(node, node.args)
    for (const part of partsOf(node)) visit(part)
  }
  const add = (node: StructNode, args: readonly SchemaNode[]): void => {
    const ref = tableRef(node)
    if (found.has(ref)) return
    if (found.size >= MAX_INSTANCES)
      throw new RivuletError('limit', `${node.ref} needs itself with ever longer type arguments`)
    const { def } = index.struct(node.ref)
    const params = typeParamsOf(def)
    if (params.length !== args.length)
      throw new RivuletError('schema', `${ref}: ${node.ref} takes ${params.length} type arguments`)
    const env = new Map(params.map((name, at) => [name, args[at] as SchemaNode]))
    const filled = def.fields.map((field) => ({ ...field, node: substitute(field.node, env) }))
    found.set(ref, { ref, name: def.name + args.map(nameOf).join(''), of: node.ref, def, fields: filled })
    for (const field of filled) visit(field.node)
  }
  for (const field of fields) visit(field.node)
  return [...found.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
}

/** `node` with type parameters replaced by what they stand for. Throws `schema` for one that stands for nothing. */
function substitute(node: SchemaNode, env: ReadonlyMap<string, SchemaNode>): SchemaNode {
  switch (node.kind) {
    case 'param': {
      const given = env.get(node.name)
      if (given === undefined) throw new RivuletError('schema', `nothing is called ${node.name} here`)
      return given
    }
    case 'pointer':
    case 'array':
      return { ...node, elem: substitute(node.elem, env) }
    case 'map':
      return { ...node, key: substitute(node.key, env), value: substitute(node.value, env) }
    case 'set':
      return { ...node, key: substitute(node.key, env) }
    case 'struct':
      return node.args === undefined ? node : { ...node, args: node.args.map((arg) => substitute(arg, env)) }
    default:
      return node
  }
}

// As Go spells it. What Go does not say but the node does comes behind, so that no two of them share a name.
function spell(node: SchemaNode): string {
  const mark = 'notNull' in node && node.notNull ? '!' : ''
  const as = 'extra' in node && node.extra?.as !== undefined ? `~${node.extra.as}` : ''
  switch (node.kind) {
    case 'pointer':
      return `*${spell(node.elem)}${mark}`
    case 'array':
      return `[]${spell(node.elem)}${mark}`
    case 'map':
      return `map[${spell(node.key)}]${spell(node.value)}${mark}`
    case 'set':
      return `set[${spell(node.key)}]${mark}`
    case 'struct':
      return tableRef(node)
    case 'param':
      return node.name
    default:
      return (('named' in node ? node.named : undefined) ?? node.kind) + as
  }
}

function nameOf(node: SchemaNode): string {
  switch (node.kind) {
    case 'pointer':
      return `${nameOf(node.elem)}Pointer`
    case 'array':
      return `${nameOf(node.elem)}List`
    case 'map':
      return `${nameOf(node.key)}${nameOf(node.value)}Map`
    case 'set':
      return `${nameOf(node.key)}Set`
    case 'struct':
      return lastPart(node.ref) + (node.args ?? []).map(nameOf).join('')
    case 'param':
      return upperFirst(node.name)
    default:
      return 'named' in node && node.named !== undefined ? lastPart(node.named) : upperFirst(node.kind)
  }
}

const lastPart = (ref: string): string => upperFirst(ref.slice(ref.lastIndexOf('.') + 1))
