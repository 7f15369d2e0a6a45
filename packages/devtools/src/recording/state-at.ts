import type { StoreDef } from '@rivulet/wire'
import { historyOf } from './history.ts'
import type { Recording } from './recording.ts'

/**
 * The state of a store right after entry `seq` of a recording; undefined while nothing of it is known. Never changed afterwards, and two of them share what is equal, so `===` tells parts that stayed.
 *
 * A state is built from the nearest one that is known and the messages after it; some on the way are kept, at most 256 a store, so that going back and forth through thousands of messages is smooth.
 *
 * Throws `unknown-store`, and what the wire throws for a message that does not fit its descriptor.
 *
 * @example
 * const before = stateAt(recording, BoardStore, recording.ring.last)
 */
export function stateAt<S>(recording: Recording, store: StoreDef<S>, seq: number): S | undefined
export function stateAt(recording: Recording, store: string, seq: number): unknown
export function stateAt(recording: Recording, store: StoreDef | string, seq: number): unknown {
  return historyOf(recording, typeof store === 'string' ? store : store.name).at(seq)
}
