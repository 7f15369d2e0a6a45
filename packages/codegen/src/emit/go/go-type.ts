import { RivuletError } from '@rivulet/wire'
import type { SchemaNode } from '../../model/schema-node.ts'

/** How a Go file spells what is declared in other packages. */
export interface GoImports {
  /** `units.Phase`, or `Phase` in its own package. */
  readonly declared: (ref: string) => string
  /** Something of the standard library: `time.Time`. */
  readonly library: (name: string) => string
}

/** A field's Go type, and the tag options that say what the type does not. Throws `schema` for marks that no tag can say. */
export function goField(
  node: SchemaNode,
  owner: string,
  imports: GoImports,
): { type: string; marks: readonly string[] } {
  const inner =
    node.kind === 'pointer' || node.kind === 'array' ? node.elem : node.kind === 'map' ? node.value : undefined
  const marks = [
    ...(isMarked(node) ? ['notnil'] : []),
    ...(inner !== undefined && isMarked(inner) ? ['valnotnil'] : []),
  ]
  return { type: goType(node, owner, imports, inner === undefined ? 1 : 2), marks }
}

const isMarked = (node: SchemaNode): boolean => 'notNull' in node && node.notNull

/** A Go type. `tagged` levels may be marked not-null, because the tag says it; below it nothing can. */
function goType(node: SchemaNode, owner: string, imports: GoImports, tagged: number): string {
  if (isMarked(node) && tagged <= 0)
    throw new RivuletError('schema', `${owner} is never null at a depth that a Go tag does not reach`, {
      hint: 'Let the innermost type be nullable, or put a struct in between.',
    })
  const sub = (part: SchemaNode, levels = 0): string => goType(part, owner, imports, levels)
  switch (node.kind) {
    case 'time':
      return imports.library('time.Time')
    case 'any':
      return 'any'
    case 'pointer':
      return `*${sub(node.elem, tagged - 1)}`
    case 'array':
      return `${node.goType ?? '[]'}${sub(node.elem, tagged - 1)}`
    case 'map':
      return `map[${sub(node.key)}]${sub(node.value, tagged - 1)}`
    case 'set':
      return `map[${sub(node.key)}]struct{}`
    case 'struct': {
      const args = (node.args ?? []).map((arg) => sub(arg))
      return imports.declared(node.ref) + (args.length === 0 ? '' : `[${args.join(', ')}]`)
    }
    case 'param':
      return node.name
    default:
      return node.named === undefined ? (node.goType ?? node.kind) : imports.declared(node.named)
  }
}
