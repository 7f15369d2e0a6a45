import type { PathChange } from '../patch.ts'
import type { ValueSlot } from './value-slot.ts'

/** Unread changes beyond these bounds are applied at once, so that a path nobody reads cannot collect them for ever. */
const MAX_UNREAD_CHANGES = 4096
const MAX_UNREAD_BYTES = 1_048_576

/** A small view pins its whole patch; above this size it is worth a copy. */
const WORTH_A_COPY = 1 << 16

/** A whole new value arrived. */
export function putValue(slot: ValueSlot, bytes: Uint8Array): void {
  slot.known = true
  slot.bytes = compact(bytes)
  dropChanges(slot)
}

/** The path leads to nothing now. */
export function putMissing(slot: ValueSlot): void {
  slot.known = true
  slot.good = true
  slot.bytes = null
  slot.value = undefined
  dropChanges(slot)
}

/** Parts of the value changed. Returns true when the slot should be read now to stay within its bounds. */
export function putChanges(slot: ValueSlot, changes: readonly PathChange[]): boolean {
  for (const change of changes) {
    slot.changes.push(change.bytes === null ? change : { path: change.path, bytes: compact(change.bytes) })
    slot.changeBytes += change.bytes?.byteLength ?? 0
  }
  return slot.changes.length > MAX_UNREAD_CHANGES || slot.changeBytes > MAX_UNREAD_BYTES
}

/** Forgets the changes that wait to be applied. */
export function dropChanges(slot: ValueSlot): void {
  if (slot.changes.length === 0) return
  slot.changes = []
  slot.changeBytes = 0
}

function compact(bytes: Uint8Array): Uint8Array {
  const whole = bytes.buffer.byteLength
  return whole > WORTH_A_COPY && bytes.byteLength * 4 < whole ? bytes.slice() : bytes
}
