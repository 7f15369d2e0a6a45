import { decoderOf } from './compile-decoder.ts'
import { Reader } from './reader.ts'
import type { TypeNode, Types } from './schema.ts'

/**
 * Decodes values of type `node` that lie somewhere in `bytes`: for many small values in one piece of memory, where a reader for each would cost more than the value. Each call of the returned function
 * decodes the value at `start`, which may not reach beyond `end`.
 *
 * @throws RivuletError `schema` at once for a descriptor that contradicts itself; the returned function throws what {@link decodeValue} throws, with offsets in `bytes`.
 *
 * @example
 * const rowAt = rangeDecoder(types, { kind: 'struct', ref: 'game.Cell' }, bytes)
 * const first = rowAt(0, ends[0])
 */
export function rangeDecoder(types: Types, node: TypeNode, bytes: Uint8Array): (start: number, end: number) => unknown {
  const decode = decoderOf(types, node)
  const r = new Reader(bytes)
  return (start, end) => {
    r.pos = start
    r.end = Math.min(end, bytes.length)
    // Whatever a value that did not decode has left.
    r.depth = r.dynamicDepth = r.top = 0
    return decode(r)
  }
}
