import type { PrimitiveNode, SchemaNode } from '../../model/schema-node.ts'

const NOT_PRIMITIVE = new Set(['time', 'any', 'pointer', 'array', 'map', 'set', 'struct', 'param'])

/** Whether a node has no parts and may be the underlying type of a named type. */
export function isPrimitive(node: SchemaNode): node is PrimitiveNode {
  return !NOT_PRIMITIVE.has(node.kind)
}

/** Whether maps and sets may have it as their key. What a type parameter stands for is looked at where it is used. */
export function isKey(node: SchemaNode): boolean {
  return isPrimitive(node) || node.kind === 'param'
}

/** Whether a value of this type can be null in JavaScript. */
export function canBeNull(node: SchemaNode): boolean {
  switch (node.kind) {
    case 'any':
      return true
    case 'pointer':
    case 'array':
    case 'map':
    case 'set':
      return node.notNull !== true
    default:
      return false
  }
}

/** `node | null`: collections and boxes have a null of their own, everything else gets a pointer. */
export function nullable(node: SchemaNode): SchemaNode {
  switch (node.kind) {
    case 'pointer':
    case 'array':
    case 'map':
    case 'set': {
      const { notNull: _, ...rest } = node
      return rest
    }
    default:
      return { kind: 'pointer', elem: node }
  }
}

/** A node as text, for the lock file: the same text is the same on the wire. Names of enums do not travel, those of structs stand for their fields. */
export function nodeText(node: SchemaNode): string {
  const orNull = canBeNull(node) && node.kind !== 'any' ? ' | null' : ''
  switch (node.kind) {
    case 'pointer':
      return node.notNull === true ? `Box<${nodeText(node.elem)}>` : `${pointee(node.elem)} | null`
    case 'array': {
      const elem = nodeText(node.elem)
      return `${elem.includes('|') ? `(${elem})` : elem}[]${orNull}`
    }
    case 'map':
      return `Map<${nodeText(node.key)}, ${nodeText(node.value)}>${orNull}`
    case 'set':
      return `Set<${nodeText(node.key)}>${orNull}`
    case 'struct': {
      const name = node.ref.slice(node.ref.indexOf('.') + 1)
      return node.args === undefined ? name : `${name}<${node.args.map(nodeText).join(', ')}>`
    }
    case 'param':
      return node.name
    default:
      return node.kind
  }
}

const pointee = (elem: SchemaNode): string => (canBeNull(elem) ? `Box<${nodeText(elem)}>` : nodeText(elem))
