import type { PathChange } from '../patch.ts'
import type { Blob, RowsBlock, TableBlock } from '../row-block.ts'
import type { ValueSlot } from './value-slot.ts'

/** Unread changes beyond these bounds are applied at once, so that a path nobody reads cannot collect them for ever. */
const MAX_UNREAD_CHANGES = 4096
const MAX_UNREAD_BYTES = 1_048_576
const MAX_UNREAD_BLOCKS = 64

/** A small view pins its whole patch; above this size it is worth a copy. */
const WORTH_A_COPY = 1 << 16

/** A whole new value arrived. */
export function putValue(slot: ValueSlot, bytes: Uint8Array): void {
  slot.known = true
  slot.bytes = compact(bytes)
  slot.table = null
  dropChanges(slot)
}

/** A whole new table arrived. */
export function putTable(slot: ValueSlot, { keys, rows, slots }: TableBlock): void {
  slot.known = true
  slot.bytes = null
  const keep = compactWords(slots)
  slot.table = { keys: compactBlob(keys), rows: compactBlob(rows), slots: keep }
  dropChanges(slot)
}

/** Rows of the table changed. Returns true when the slot should be read now to stay within its bounds. */
export function putRows(slot: ValueSlot, { changed, gone, keys, rows }: RowsBlock): boolean {
  slot.rows.push({
    changed: compactWords(changed),
    gone: compactWords(gone),
    keys: compactBlob(keys),
    rows: compactBlob(rows),
  })
  slot.changeBytes += rows.bytes.byteLength + keys.bytes.byteLength + 4 * (changed.length + gone.length)
  return slot.rows.length > MAX_UNREAD_BLOCKS || slot.changeBytes > MAX_UNREAD_BYTES
}

/** The path leads to nothing now. */
export function putMissing(slot: ValueSlot): void {
  slot.known = true
  slot.good = true
  slot.bytes = null
  slot.table = null
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
  if (slot.changes.length === 0 && slot.rows.length === 0) return
  slot.changes = []
  slot.rows = []
  slot.changeBytes = 0
}

function compactBlob({ bytes, ends }: Blob): Blob {
  return { bytes: compact(bytes), ends: compactWords(ends) }
}

function compactWords(words: Uint32Array): Uint32Array {
  const whole = words.buffer.byteLength
  return whole > WORTH_A_COPY && words.byteLength * 4 < whole ? words.slice() : words
}

function compact(bytes: Uint8Array): Uint8Array {
  const whole = bytes.buffer.byteLength
  return whole > WORTH_A_COPY && bytes.byteLength * 4 < whole ? bytes.slice() : bytes
}
