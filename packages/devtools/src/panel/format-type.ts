import type { TypeNode } from '@rivulet/wire'

/**
 * A type as one reads it.
 *
 * @example
 * formatType({ kind: 'map', key: { kind: 'string' }, value: { kind: 'int64' } }) // 'map of string to int64'
 */
export function formatType(node: TypeNode): string {
  switch (node.kind) {
    case 'pointer':
      return `pointer to ${formatType(node.elem)}`
    case 'array':
      return `list of ${formatType(node.elem)}`
    case 'map':
      return `map of ${formatType(node.key)} to ${formatType(node.value)}`
    case 'set':
      return `set of ${formatType(node.key)}`
    case 'struct':
      return node.ref
    case 'bytes':
      return 'bytes'
    default:
      return 'named' in node && node.named !== undefined ? `${node.named} (${node.kind})` : node.kind
  }
}
