import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaField } from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { tsName, upperFirst } from '../../model/ts-name.ts'
import type { GoFile } from '../project/go-package.ts'
import type { GoParam, GoType } from '../syntax/go-type.ts'
import type { TypeResolver } from '../types/resolve-type.ts'
import type { PlacedType } from './infer-type.ts'

/** What turns parameters into fields. */
export interface PacketTools {
  readonly resolver: TypeResolver
  readonly diagnostics: Diagnostics
}

/** Where a parameter's type is looked up, and who needs it. */
export interface PacketScope {
  readonly place: PlacedType
  /** The call's or event's name, for messages. */
  readonly name: string
  /** The file with the registration. */
  readonly user: GoFile
}

/** The node of a parameter or result. Undefined after a diagnostic. */
export function packetNode(type: GoType, what: string, scope: PacketScope, tools: PacketTools): SchemaNode | undefined {
  const { place, name, user } = scope
  return tools.resolver.resolve(type, {
    file: place.file,
    env: nodesOf(place, scope, tools),
    owner: `${name} (${what})`,
    user,
  })
}

function nodesOf(place: PlacedType, scope: PacketScope, tools: PacketTools): ReadonlyMap<string, SchemaNode> {
  const entries = [...(place.env ?? [])].flatMap(([param, bound]): [string, SchemaNode][] => {
    const node = packetNode(bound.type, param, { ...scope, place: bound }, tools)
    return node === undefined ? [] : [[param, node]]
  })
  return new Map(entries)
}

/**
 * The fields of a packet, from a function's parameters: exported names, `Arg0`… for parameters without one. `first` is how many parameters
 * stand in front of them (a context, a routing key).
 */
export function packetFields(
  params: readonly GoParam[],
  first: number,
  scope: PacketScope,
  tools: PacketTools,
): readonly SchemaField[] {
  const taken = new Set<string>()
  return params.slice(first).flatMap((param, index) => {
    const { type, name, at, variadic } = param
    const goName = name === undefined || name === '_' ? `Arg${index + first}` : upperFirst(name)
    if (variadic) {
      const message = `${scope.name}: ${goName} is variadic`
      tools.diagnostics.error('handler', at, message, `Take a slice instead: []${type.text}.`)
      return []
    }
    if (taken.has(goName)) {
      const message = `${scope.name}: two parameters would be called ${goName}`
      tools.diagnostics.error('field-clash', at, message, 'Rename one of them.')
      return []
    }
    taken.add(goName)
    const node = packetNode(type, goName, scope, tools)
    return node === undefined ? [] : [{ goName, tsName: tsName(goName), node, extra: { at, typeText: type.text } }]
  })
}

/** The node as the reference has it in events, where `byte` and `rune` are known by their other names. */
export function withoutAliases(node: SchemaNode): SchemaNode {
  switch (node.kind) {
    case 'pointer':
    case 'array':
      return { ...node, elem: withoutAliases(node.elem) }
    case 'map':
      return { ...node, key: withoutAliases(node.key), value: withoutAliases(node.value) }
    case 'set':
      return { ...node, key: withoutAliases(node.key) }
    case 'uint8':
    case 'int32': {
      const { goType, ...rest } = node
      return goType === 'byte' || goType === 'rune' ? rest : node
    }
    default:
      return node
  }
}
