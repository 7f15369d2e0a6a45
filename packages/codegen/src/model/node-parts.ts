import type { SchemaNode } from './schema-node.ts'

/** The nodes that a node is made of. */
export function partsOf(node: SchemaNode): readonly SchemaNode[] {
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
