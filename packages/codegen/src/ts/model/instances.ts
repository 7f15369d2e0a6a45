import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import { cyclic } from '../../model/cycles.ts'
import { heldByValue } from '../../model/held-by-value.ts'
import { partsOf } from '../../model/node-parts.ts'
import type { SchemaNode, StructNode } from '../../model/schema-node.ts'
import { substitute } from '../../model/substitute.ts'
import { isKey } from '../types/node-facts.ts'

/** A struct as far as its type is concerned. */
export interface StructShape {
  readonly at: SourcePlace
  readonly params: readonly string[]
  readonly fields: readonly { readonly name: string; readonly node: SchemaNode; readonly at: SourcePlace }[]
}

/** More instances of generic structs than any program has: type arguments that grow without end stop here. */
const MAX_INSTANCES = 2000
const MAX_TEXT = 20_000

/**
 * Looks at what only shows when all structs are known: structs that contain themselves by value, generic structs whose type arguments never
 * stop growing, and type arguments that make keys or lists which cannot be.
 */
export function checkInstances(structs: ReadonlyMap<string, StructShape>, diagnostics: Diagnostics): void {
  const holding = new Map(
    [...structs].map(([ref, { params, fields }]) => [ref, { params, nodes: fields.map(({ node }) => node) }]),
  )
  const endless = cyclic(heldByValue(holding, true))
  for (const [ref, { at }] of structs) {
    if (!endless.has(ref)) continue
    const message = `${nameOf(ref)} contains itself by value, so it would be endless`
    diagnostics.error('recursive-value', at, message, 'Put `| null`, a list or a map in between.')
  }
  const seen = new Set<string>()
  const queue: StructNode[] = []
  const meet = (node: SchemaNode): void => {
    if (node.kind === 'struct' && node.args !== undefined) {
      const key = JSON.stringify(node)
      if (!seen.has(key)) queue.push(node)
      seen.add(key)
    }
    for (const part of partsOf(node)) meet(part)
  }
  for (const { params, fields } of structs.values()) if (params.length === 0) for (const { node } of fields) meet(node)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const struct = structs.get(next.ref)
    if (struct === undefined) continue
    if (seen.size > MAX_INSTANCES || JSON.stringify(next).length > MAX_TEXT) {
      const message = `${nameOf(next.ref)} is used with type arguments without end`
      const hint = 'Do not let a generic interface use itself with growing type arguments.'
      diagnostics.error('type-arguments', struct.at, message, hint)
      return
    }
    const { args = [], ref } = next
    const env = new Map(struct.params.map((param, index) => [param, args[index] as SchemaNode]))
    for (const { name, node, at } of struct.fields) {
      const problem = problemOf(node, env)
      if (problem === undefined) meet(substitute(node, env))
      else {
        const hint = 'Use another type argument there, or another generic interface.'
        diagnostics.error('type-arguments', at, `${nameOf(ref)}.${name} would be ${problem}`, hint)
      }
    }
  }
}

const nameOf = (ref: string): string => ref.slice(ref.indexOf('.') + 1)

// What type arguments make of a node that was right without them.
function problemOf(node: SchemaNode, env: ReadonlyMap<string, SchemaNode>): string | undefined {
  const given = (part: SchemaNode): SchemaNode | undefined => (part.kind === 'param' ? env.get(part.name) : undefined)
  if (node.kind === 'array' && given(node.elem)?.kind === 'uint8') return 'a list of uint8'
  if (node.kind === 'map' || node.kind === 'set') {
    const key = given(node.key)
    if (key !== undefined && !isKey(key)) return 'keyed by something that is no key'
  }
  for (const part of partsOf(node)) {
    const problem = problemOf(part, env)
    if (problem !== undefined) return problem
  }
  return undefined
}
