import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { beyondReference } from '../types/resolve-type.ts'
import { cyclic } from './cycles.ts'
import type { WireStruct } from './wire-struct.ts'

/** More instances of generic structs than any program has; type arguments that grow without end stop here. */
const MAX_INSTANCES = 2000
const MAX_INSTANCE_TEXT = 20_000

/**
 * Finds structs that contain themselves: by value, which is an error, or behind pointers, lists and maps, which the reference's generator cannot
 * do; and generic structs whose type arguments never stop growing.
 */
export function checkRecursion(structs: ReadonlyMap<string, WireStruct>, diagnostics: Diagnostics): void {
  const anyWay = cyclic(edgesOf(structs, partsOfNode))
  const byValue = cyclic(edgesOf(structs, valuePartsOf))
  for (const [ref, { declared }] of structs) {
    const { at, name } = declared.syntax
    if (byValue.has(ref)) {
      const hint = 'Put a pointer, a list or a map in between.'
      diagnostics.error('recursive-value', at, `${name} contains itself by value, so it would be endless`, hint)
    } else if (anyWay.has(ref)) {
      beyondReference(diagnostics, at, `${name} contains itself: the reference's generator runs out of stack`)
    }
  }
  checkInstances(structs, diagnostics)
}

type Parts = (node: SchemaNode) => readonly SchemaNode[]

function edgesOf(structs: ReadonlyMap<string, WireStruct>, parts: Parts): ReadonlyMap<string, ReadonlySet<string>> {
  const refsIn = (node: SchemaNode): string[] => [
    ...(node.kind === 'struct' ? [node.ref] : []),
    ...parts(node).flatMap(refsIn),
  ]
  return new Map([...structs].map(([ref, { fields }]) => [ref, new Set(fields.flatMap(({ node }) => refsIn(node)))]))
}

function partsOfNode(node: SchemaNode): readonly SchemaNode[] {
  switch (node.kind) {
    case 'pointer':
    case 'array':
      return [node.elem]
    case 'map':
      return [node.key, node.value]
    case 'set':
      return [node.key]
    case 'struct':
      return node.args ?? []
    default:
      return []
  }
}

// Of what has parts only an array of fixed length, and a generic struct, may hold them by value.
function valuePartsOf(node: SchemaNode): readonly SchemaNode[] {
  return node.kind === 'array' && node.goType !== undefined ? [node.elem] : []
}

function checkInstances(structs: ReadonlyMap<string, WireStruct>, diagnostics: Diagnostics): void {
  const seen = new Set<string>()
  const queue: (SchemaNode & { kind: 'struct' })[] = []
  let longest = 0
  const collect = (node: SchemaNode, env: ReadonlyMap<string, SchemaNode>): void => {
    const bound = substitute(node, env)
    if (bound.kind === 'struct' && bound.args !== undefined) {
      const key = JSON.stringify(bound)
      longest = Math.max(longest, key.length)
      if (!seen.has(key)) queue.push(bound)
      seen.add(key)
    }
    for (const part of partsOfNode(bound)) collect(part, new Map())
  }
  for (const { declared, fields } of structs.values()) {
    if (declared.syntax.typeParams.length === 0) for (const { node } of fields) collect(node, new Map())
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const struct = structs.get(next.ref)
    if (struct === undefined) continue
    const { typeParams, name, at } = struct.declared.syntax
    if (seen.size > MAX_INSTANCES || longest > MAX_INSTANCE_TEXT) {
      const message = `${name} is used with type arguments without end`
      diagnostics.error(
        'type-arguments',
        at,
        message,
        'Do not let a generic struct use itself with growing type arguments.',
      )
      return
    }
    const env = new Map(typeParams.map((param, index) => [param, next.args?.[index] as SchemaNode]))
    for (const { node } of struct.fields) collect(node, env)
  }
}

function substitute(node: SchemaNode, env: ReadonlyMap<string, SchemaNode>): SchemaNode {
  switch (node.kind) {
    case 'param':
      return env.get(node.name) ?? node
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
