import type { PartialShape, SchemaNode } from './schema-node.ts'

/**
 * How deltas change a field of a partial struct (wire.md §9.1).
 *
 * `nests(ref)` says whether the partial of struct `ref` is nested in the parent's: true only for structs that are `partial` themselves
 * and declared in the parent's source file.
 *
 * @example
 * partialShape({ kind: 'array', elem: { kind: 'string' } }, () => false) // { helper: 'array', value: { kind: 'string' } }
 */
export function partialShape(node: SchemaNode, nests: (ref: string) => boolean): PartialShape {
  const loose = withoutMarks(node)
  const sub = (value: SchemaNode): string | undefined => {
    const target = value.kind === 'pointer' ? value.elem : value
    return target.kind === 'struct' && nests(target.ref) ? target.ref : undefined
  }
  switch (loose.kind) {
    case 'array': {
      const ref = sub(loose.elem)
      return { helper: ref === undefined ? 'array' : 'modArray', value: loose.elem, ...named(ref) }
    }
    case 'map': {
      const ref = sub(loose.value)
      return { helper: ref === undefined ? 'map' : 'modMap', key: loose.key, value: loose.value, ...named(ref) }
    }
    case 'set':
      return { helper: 'set', key: loose.key, value: loose.key }
    default: {
      const ref = sub(loose)
      if (ref !== undefined) return { helper: 'value', value: loose, sub: ref }
      if (loose.kind !== 'pointer') return { helper: 'scalar', value: loose }
      return { helper: 'pointer', value: innerMarks(node, loose) }
    }
  }
}

const named = (sub: string | undefined): { sub?: string } => (sub === undefined ? {} : { sub })

// Of a pointer to a pointer the inner one keeps its mark, `valnotnil` (wire.md §9.1).
function innerMarks(node: SchemaNode, loose: SchemaNode): SchemaNode {
  return node.kind === 'pointer' && loose.kind === 'pointer' ? { kind: 'pointer', elem: node.elem } : loose
}

/** `node` without its not-null marks, at every depth. */
function withoutMarks(node: SchemaNode): SchemaNode {
  switch (node.kind) {
    case 'pointer':
      return { kind: 'pointer', elem: withoutMarks(node.elem) }
    case 'array': {
      const { notNull: _, ...rest } = node
      return { ...rest, elem: withoutMarks(node.elem) }
    }
    case 'map':
      return { kind: 'map', key: withoutMarks(node.key), value: withoutMarks(node.value) }
    case 'set':
      return { kind: 'set', key: withoutMarks(node.key) }
    default:
      return node
  }
}
