import type { SchemaNode } from '../model/schema-node.ts'

/** A type as Go would write it, for messages. */
export function typeText(node: SchemaNode): string {
  switch (node.kind) {
    case 'pointer':
      return `*${typeText(node.elem)}${mark(node)}`
    case 'array':
      return `[]${typeText(node.elem)}${mark(node)}`
    case 'map':
      return `map[${typeText(node.key)}]${typeText(node.value)}${mark(node)}`
    case 'set':
      return `map[${typeText(node.key)}]struct{}${mark(node)}`
    case 'struct':
      return node.args === undefined ? node.ref : `${node.ref}[${node.args.map(typeText).join(', ')}]`
    case 'param':
      return node.name
    case 'time':
      return 'time.Time'
    case 'any':
      return 'any'
    default:
      return node.named ?? node.goType ?? node.kind
  }
}

const mark = (node: { readonly notNull?: true }): string => (node.notNull === true ? ' (notnil)' : '')
