import { type Path, stateNode, type StoreDef, type TypeNode } from '@rivulet/wire'
import { childNode, childValue, typeAt } from './schema-walk.ts'
import type { Known } from './snapshot.ts'

/**
 * What `path` leads to, given the value at its first `depth` parts; undefined when the schema has no such place.
 *
 * @example
 * valueBelow(BoardStore, row, ['board', 0, 2], 2) // { value: row[2] }
 */
export function valueBelow(def: StoreDef, value: unknown, path: Path, depth: number): Known | undefined {
  let node: TypeNode = typeAt(def, stateNode(def), path.slice(0, depth))
  let at = value
  for (const part of path.slice(depth)) {
    const next = childNode(def.types, node, part)
    if (next === undefined) return undefined
    at = childValue(node, at, part)
    node = next
  }
  return { value: at }
}
