import type { StoreDef, TypeNode } from './schema.ts'

const nodes = new WeakMap<StoreDef, TypeNode>()

/**
 * The type node of a store's state; one object per store, because codecs are cached on it.
 *
 * @example
 * encodeValue(BoardStore.types, stateNode(BoardStore), state)
 */
export function stateNode(def: StoreDef): TypeNode {
  let node = nodes.get(def)
  if (node === undefined) nodes.set(def, (node = { kind: 'struct', ref: def.state }))
  return node
}
