import type { TypeNode, Types } from '@rivulet/wire'

const nodes = new WeakMap<Types, Map<string, TypeNode>>()

/** The node of a packet struct; one object per struct, because compiled codecs are cached on it. */
export function structNode(types: Types, ref: string): TypeNode {
  let byRef = nodes.get(types)
  if (byRef === undefined) nodes.set(types, (byRef = new Map()))
  let node = byRef.get(ref)
  if (node === undefined) byRef.set(ref, (node = { kind: 'struct', ref }))
  return node
}
