import { decoderOf } from './compile-decoder.ts'
import { isRivuletError, withPlace } from './errors.ts'
import { Reader, toBytes } from './reader.ts'
import type { StoreDef, TypeNode, Types } from './schema.ts'
import { stateNode } from './state-node.ts'

/**
 * Decodes one value of type `node` from the start of `input`; bytes after it are ignored (wire.md §10).
 *
 * Throws `RivuletError` with the path and byte offset for anything malformed; never allocates more than the input justifies.
 *
 * @example
 * const cell = decodeValue(types, { kind: 'struct', ref: 'game.Cell' }, bytes)
 */
export function decodeValue(types: Types, node: TypeNode, input: unknown): unknown {
  return decoderOf(types, node)(new Reader(toBytes(input)))
}

/**
 * Decodes a store's full state (wire.md §6).
 *
 * Throws `RivuletError` naming the store, the field path and the byte offset.
 *
 * @example
 * const board = decodeState(BoardStore, message.state)
 */
export function decodeState<S>(def: StoreDef<S>, input: unknown): S {
  try {
    return decodeValue(def.types, stateNode(def), input) as S
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}
