import { decodeValue, type TypeNode, type Types } from '@rivulet/wire'

/** Reads what `encodePart` has written. Throws what the wire throws for bytes that do not decode. */
export function decodePart(types: Types, node: TypeNode, bytes: Uint8Array): unknown {
  return bytes.length === 0 && node.kind === 'any' ? null : decodeValue(types, node, bytes)
}
