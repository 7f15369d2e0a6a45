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
export function putTable(slot: ValueSlot, block: TableBlock): void {
  slot.known = true
  slot.bytes = null
  const { keys, rows, slots } = block
  const size = blobSize(keys) + blobSize(rows) + slots.byteLength
  slot.table = isPinning(rows.ends, size) ? { keys: copyBlob(keys), rows: copyBlob(rows), slots: slots.slice() } : block
  dropChanges(slot)
}

/** Rows of the table changed. Returns true when the slot should be read now to stay within its bounds. */
export function putRows(slot: ValueSlot, block: RowsBlock): boolean {
  const { changed, gone, keys, rows } = block
  const size = changed.byteLength + gone.byteLength + blobSize(keys) + blobSize(rows)
  slot.rows.push(
    isPinning(rows.ends, size)
      ? { changed: changed.slice(), gone: gone.slice(), keys: copyBlob(keys), rows: copyBlob(rows) }
      : block,
  )
  slot.changeBytes += size
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

function compact(bytes: Uint8Array): Uint8Array {
  return isPinning(bytes, bytes.byteLength) ? bytes.slice() : bytes
}

/** Whether so little of a large patch is worth keeping that a copy is. */
function isPinning({ buffer }: ArrayBufferView, size: number): boolean {
  return buffer.byteLength > WORTH_A_COPY && size * 4 < buffer.byteLength
}

function blobSize({ bytes, ends }: Blob): number {
  return bytes.byteLength + ends.byteLength
}

function copyBlob({ bytes, ends }: Blob): Blob {
  return { bytes: bytes.slice(), ends: ends.slice() }
}
