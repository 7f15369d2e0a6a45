import type { TypeNode } from '../schema.ts'

/** A type as a reader would say it: `map of string to list of int64`. */
export function describeType(node: TypeNode): string {
  switch (node.kind) {
    case 'pointer':
      return `pointer to ${describeType(node.elem)}`
    case 'array':
      return `list of ${describeType(node.elem)}`
    case 'map':
      return `map of ${node.key.kind} to ${describeType(node.value)}`
    case 'set':
      return `set of ${node.key.kind}`
    case 'struct':
      return node.ref
    default:
      return node.kind
  }
}
