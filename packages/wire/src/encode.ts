import { encoderOf } from './compile-encoder.ts'
import { stateNode } from './state-node.ts'
import { isRivuletError, withPlace } from './errors.ts'
import type { StoreDef, TypeNode, Types } from './schema.ts'
import { finish, Writer } from './writer.ts'

// Encoding never yields, so one writer serves everybody; a nested call (a getter that encodes) gets one of its own.
const shared = new Writer(4096)
let busy = false

/** Largest buffer that is kept between calls: one huge state must not pin its memory for good. */
const KEEP = 1 << 20

/**
 * Encodes one value of type `node`, in the form a Go host would write (wire.md §2 to §8).
 *
 * Throws `RivuletError` `invalid-value` or `out-of-range` with the path of the offending field.
 *
 * @example
 * const bytes = encodeValue(types, { kind: 'array', elem: { kind: 'string' } }, ['a', 'b'])
 */
export function encodeValue(types: Types, node: TypeNode, value: unknown): Uint8Array<ArrayBuffer> {
  const encode = encoderOf(types, node)
  return written((w) => encode(w, value))
}

/**
 * Encodes a store's full state. Throws as {@link encodeValue}, naming the store.
 *
 * @example
 * socket.emit('storeupdate', { kind: 0, state: encodeState(BoardStore, state) })
 */
export function encodeState<S>(def: StoreDef<S>, state: S): Uint8Array<ArrayBuffer> {
  try {
    return encodeValue(def.types, stateNode(def), state)
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}

/** Runs `write` on the shared writer and returns a copy of what it wrote. */
export function written(write: (w: Writer) => void): Uint8Array<ArrayBuffer> {
  const own = busy
  const w = own ? new Writer() : shared
  if (!own) busy = true
  try {
    w.pos = 0
    w.depth = 0
    w.dynamicDepth = 0
    write(w)
    return finish(w)
  } finally {
    if (!own) busy = false
    if (w.bytes.length > KEEP) {
      w.bytes = new Uint8Array(4096)
      w.view = new DataView(w.bytes.buffer)
    }
  }
}
