import type { SchemaNode } from './schema-node.ts'

/** A node with what type parameters stand for in their places. */
export function substitute(node: SchemaNode, env: ReadonlyMap<string, SchemaNode>): SchemaNode {
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
