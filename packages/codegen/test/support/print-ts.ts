import type { SchemaEnum, SchemaNode } from '../../src/index.ts'

/** Ways to write one and the same type; each call takes the next choice. */
export type Style = (choices: number) => number

/** Always the first way. */
export const plainStyle: Style = () => 0

/** Whether JavaScript's value may be null. */
function mayBeNull(node: SchemaNode): boolean {
  if (node.kind === 'any') return true
  const collection = node.kind === 'pointer' || node.kind === 'array' || node.kind === 'map' || node.kind === 'set'
  return collection && node.notNull !== true
}

/** Whether TypeScript can say the type; what it cannot say is Go's. */
export function isSayable(node: SchemaNode): boolean {
  switch (node.kind) {
    case 'pointer':
      // Of a collection that is never null, or null: that is one that may be null.
      if ('notNull' in node.elem && node.elem.notNull) return false
      return isSayable(node.elem) && (node.notNull !== true || mayBeNull(node.elem))
    case 'array':
      return isSayable(node.elem) && !(node.elem.kind === 'uint8' && node.elem.named !== undefined)
    case 'map':
      return isSayable(node.value)
    case 'struct':
      return (node.args ?? []).every((arg) => isSayable(arg) && !mayBeNull(arg))
    default:
      return true
  }
}

const KEYWORDS: Readonly<Record<string, string>> = { bool: 'boolean', time: 'Date', any: 'unknown' }

/** A type as TypeScript. */
export function printType(node: SchemaNode, style: Style): string {
  const text = printPart(node, style)
  if (!mayBeNull(node) || node.kind === 'any') return style(5) === 4 ? `(${text})` : text
  return style(3) === 2 ? `null | ${text}` : `${text} | null`
}

function printPart(node: SchemaNode, style: Style): string {
  const pick = (...texts: readonly string[]): string => texts[style(texts.length)] as string
  switch (node.kind) {
    case 'pointer':
      return mayBeNull(node.elem) ? `Box<${printType(node.elem, style)}>` : printPart(node.elem, style)
    case 'array': {
      if (node.elem.kind === 'uint8') return 'Uint8Array'
      const elem = printType(node.elem, style)
      return pick(`readonly (${elem})[]`, `ReadonlyArray<${elem}>`, `(${elem})[]`, `Readonly<Array<${elem}>>`)
    }
    case 'map': {
      const args = `${printType(node.key, style)}, ${printType(node.value, style)}`
      return pick(`ReadonlyMap<${args}>`, `Map<${args}>`)
    }
    case 'set':
      return pick(`ReadonlySet<${printType(node.key, style)}>`, `Set<${printType(node.key, style)}>`)
    case 'struct': {
      const name = node.ref.slice(node.ref.indexOf('.') + 1)
      return node.args === undefined ? name : `${name}<${node.args.map((arg) => printType(arg, style)).join(', ')}>`
    }
    case 'param':
      return node.name
    default: {
      const named = 'named' in node ? node.named : undefined
      if (named !== undefined) return named.slice(named.indexOf('.') + 1)
      if (node.kind === 'float64') return pick('number', 'float64')
      return KEYWORDS[node.kind] ?? node.kind
    }
  }
}

/** An enum as TypeScript. */
export function printEnum({ name, kind, members }: SchemaEnum): string {
  const tag = kind === 'string' ? '' : `/** @kind ${kind} */ `
  return `${tag}export enum ${name} { ${members.map((member) => `${member.name} = ${JSON.stringify(member.value)}`).join(', ')} }`
}
