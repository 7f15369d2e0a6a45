import type { FieldDef, Path, PathPart, TypeNode, Types } from './schema.ts'
import { structOf } from './struct-table.ts'

/** What a set's key, present or not, reads as. */
const PRESENT: TypeNode = { kind: 'bool' }
const BYTE: TypeNode = { kind: 'uint8' }

/**
 * The type at a path, looking through pointers on the way; null when the path leads nowhere. Whether a key exists is not asked: any key of a map, any index of a list has the element's type.
 *
 * @example
 * nodeAt(types, { kind: 'struct', ref: 'game.Board' }, ['cells', 4, 'owner']) // { kind: 'string' }
 */
export function nodeAt(types: Types, root: TypeNode, path: Path): TypeNode | null {
  let node: TypeNode | null = root
  for (const part of path) {
    node = childNode(types, node, part)
    if (node === null) return null
  }
  return node
}

function childNode(types: Types, parent: TypeNode, part: PathPart): TypeNode | null {
  const node = throughPointers(parent)
  switch (node.kind) {
    case 'struct':
      return fieldNamed(structOf(types, node.ref).fields, part)?.type ?? null
    case 'array':
      return isIndex(part) ? node.elem : null
    case 'bytes':
      return isIndex(part) ? BYTE : null
    case 'map':
      return node.value
    case 'set':
      return PRESENT
    default:
      return null
  }
}

/** The node behind any number of pointers. */
export function throughPointers(node: TypeNode): TypeNode {
  let at = node
  while (at.kind === 'pointer') at = at.elem
  return at
}

/** Whether a path part can be a list index. */
export function isIndex(part: PathPart): part is number {
  return typeof part === 'number' && Number.isSafeInteger(part) && part >= 0
}

/** The field with this property name. */
export function fieldNamed(fields: readonly FieldDef[], name: PathPart): FieldDef | undefined {
  return fields.find((f) => f.name === name)
}
