import { encodeValue, type TypeNode, type Types } from '@rivulet/wire'

const NOTHING = new Uint8Array(0)

/**
 * The wire bytes of a value that stands by itself: of a watched path, or of a change. A struct leaves an `any` out that is null. Alone it has no bytes that say so, because the wire's null has a type, which
 * makes it another value (wire.md §8); here it is no bytes at all. `decodePart` reads them.
 */
export function encodePart(types: Types, node: TypeNode, value: unknown): Uint8Array {
  return value === null && node.kind === 'any' ? NOTHING : encodeValue(types, node, value)
}
