import type { SchemaNode } from './schema-node.ts'

/** A struct as far as it holds others. */
export interface HoldingStruct {
  /** Its type parameters. */
  readonly params: readonly string[]
  /** The types of its fields. */
  readonly nodes: readonly SchemaNode[]
}

/**
 * The structs that each struct always holds, so that none of them is finite that holds itself: by value, in a list of fixed length, as the type argument of a generic
 * struct that always holds it, and, if `notNil`, behind a pointer that is never null.
 *
 * @example
 * cyclic(heldByValue(structs, true)) // those of which there is no value
 */
export function heldByValue(
  structs: ReadonlyMap<string, HoldingStruct>,
  notNil: boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const params = heldParams(structs, notNil)
  return new Map(
    [...structs].map(([ref, { nodes }]) => {
      const refs = new Set<string>()
      for (const node of nodes) visit(node, { params, structs, notNil, onStruct: (held) => refs.add(held) })
      return [ref, refs]
    }),
  )
}

interface Visit {
  readonly structs: ReadonlyMap<string, HoldingStruct>
  readonly params: ReadonlyMap<string, ReadonlySet<string>>
  readonly notNil: boolean
  readonly onStruct?: (ref: string) => void
  readonly onParam?: (name: string) => void
}

/** Tells of what a value of this type always holds. */
function visit(node: SchemaNode, tools: Visit): void {
  switch (node.kind) {
    case 'param':
      tools.onParam?.(node.name)
      break
    case 'struct': {
      tools.onStruct?.(node.ref)
      const names = tools.structs.get(node.ref)?.params ?? []
      for (const [index, arg] of (node.args ?? []).entries())
        if (tools.params.get(node.ref)?.has(names[index] ?? '') === true) visit(arg, tools)
      break
    }
    case 'array':
      if (node.goType !== undefined) visit(node.elem, tools)
      break
    case 'pointer':
      if (tools.notNil && node.notNull === true) visit(node.elem, tools)
      break
    default:
  }
}

/** The type parameters that each struct always holds: more of them are found until no more are. */
function heldParams(structs: ReadonlyMap<string, HoldingStruct>, notNil: boolean): ReadonlyMap<string, Set<string>> {
  const params = new Map([...structs.keys()].map((ref) => [ref, new Set<string>()]))
  const generic = [...structs].filter(([, struct]) => struct.params.length > 0)
  for (let grows = true; grows;) {
    grows = false
    for (const [ref, { nodes }] of generic) {
      const held = params.get(ref) as Set<string>
      const before = held.size
      for (const node of nodes) visit(node, { structs, params, notNil, onParam: (name) => held.add(name) })
      grows ||= held.size > before
    }
  }
  return params
}
