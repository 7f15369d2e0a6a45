import { type Path, stateNode, type StoreDef, type TypeNode } from '@rivulet/wire'
import { childNode, childValue, typeAt } from './schema-walk.ts'
import { zeroState } from './zero-state.ts'

const states = new WeakMap<StoreDef, unknown>()

/**
 * What a path of a store reads as before any data: zero values, and `undefined` for elements of maps and lists and for everything behind a
 * null. Always the same frozen object for the same definition, whatever has arrived since, so it is what a server renders and what a page
 * hydrates with.
 *
 * @throws RivuletError `path` when the schema has no such place, `schema` when the definition refers to a struct that it does not hold.
 *
 * @example
 * zeroAt(BoardStore, ['xTurn']) // false
 */
export function zeroAt(def: StoreDef, path: Path): unknown {
  const root = stateNode(def)
  typeAt(def, root, path)
  if (!states.has(def)) states.set(def, zeroState(def, root))
  let value = states.get(def)
  let node: TypeNode | undefined = root
  for (const part of path) {
    if (node === undefined || value === undefined) return undefined
    value = childValue(node, value, part)
    node = childNode(def.types, node, part)
  }
  return value
}
