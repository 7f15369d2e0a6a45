import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { cyclic } from '../../model/cycles.ts'
import { heldByValue } from '../../model/held-by-value.ts'
import { partsOf } from '../../model/node-parts.ts'
import { substitute } from '../../model/substitute.ts'
import { beyondReference } from '../types/resolve-type.ts'
import type { WireStruct } from './wire-struct.ts'

/** More instances of generic structs than any program has; type arguments that grow without end stop here. */
const MAX_INSTANCES = 2000
const MAX_INSTANCE_TEXT = 20_000

/**
 * Finds structs that contain themselves: always, which is an error, because there is no value of them; or behind pointers, lists and maps, which the reference's
 * generator cannot do; and generic structs whose type arguments never stop growing.
 */
export function checkRecursion(structs: ReadonlyMap<string, WireStruct>, diagnostics: Diagnostics): void {
  const holding = new Map(
    [...structs].map(([ref, { declared, fields }]) => [
      ref,
      { params: declared.syntax.typeParams, nodes: fields.map(({ node }) => node) },
    ]),
  )
  const anyWay = cyclic(edgesOf(structs))
  const byValue = cyclic(heldByValue(holding, false))
  const always = cyclic(heldByValue(holding, true))
  for (const [ref, { declared }] of structs) {
    const { at, name } = declared.syntax
    if (byValue.has(ref)) {
      const hint = 'Put a pointer, a list or a map in between.'
      diagnostics.error('recursive-value', at, `${name} contains itself by value, so it would be endless`, hint)
    } else if (always.has(ref)) {
      const message = `${name} contains itself behind pointers that are never nil, so it would be endless`
      diagnostics.error('recursive-value', at, message, 'Leave out notnil, or put a list or a map in between.')
    } else if (anyWay.has(ref)) {
      beyondReference(diagnostics, at, `${name} contains itself: the reference's generator runs out of stack`)
    }
  }
  checkInstances(structs, diagnostics)
}

function edgesOf(structs: ReadonlyMap<string, WireStruct>): ReadonlyMap<string, ReadonlySet<string>> {
  const refsIn = (node: SchemaNode): string[] => [
    ...(node.kind === 'struct' ? [node.ref] : []),
    ...partsOf(node).flatMap(refsIn),
  ]
  return new Map([...structs].map(([ref, { fields }]) => [ref, new Set(fields.flatMap(({ node }) => refsIn(node)))]))
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
    for (const part of partsOf(bound)) collect(part, new Map())
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
