import type { TypeNode } from './schema.ts'

/**
 * Whether a value of this type can be `null` in JavaScript, so that a pointer to it has to be boxed.
 *
 * @example
 * canBeNull({ kind: 'array', elem: { kind: 'string' } }) // true
 */
export function canBeNull(node: TypeNode): boolean {
  switch (node.kind) {
    case 'any':
      return true
    case 'pointer':
      return node.notNull === true ? canBeNull(node.elem) : true
    case 'array':
    case 'map':
    case 'set':
    case 'bytes':
      return node.notNull !== true
    default:
      return false
  }
}
