import { canBeNull, type Path, type PathPart, structOf, type TypeNode, type Types } from '../../src/index.ts'

/** Every path into a value except the empty one, outer before inner. */
export function pathsOf(types: Types, node: TypeNode, value: unknown, above: Path = []): Path[] {
  if (value === null || value === undefined) return []
  const below = (part: PathPart, type: TypeNode, item: unknown): Path[] => {
    const path = [...above, part]
    return [path, ...pathsOf(types, type, item, path)]
  }
  switch (node.kind) {
    case 'pointer':
      return node.notNull !== true && canBeNull(node.elem) ? [] : pathsOf(types, node.elem, value, above)
    case 'struct':
      return structOf(types, node.ref).fields.flatMap((f) =>
        below(f.name, f.type, (value as Record<string, unknown>)[f.name]),
      )
    case 'array':
      return (value as unknown[]).flatMap((item, i) => below(i, node.elem, item))
    case 'bytes':
      return [...(value as Uint8Array)].flatMap((item, i) => below(i, { kind: 'uint8' }, item))
    case 'map':
      return [...(value as Map<PathPart, unknown>)].flatMap(([k, item]) => below(k, node.value, item))
    case 'set':
      return [...(value as Set<PathPart>)].flatMap((k) => below(k, { kind: 'bool' }, true))
    default:
      return []
  }
}
