import type { PathChange } from '../patch.ts'
import type { RowsBlock, TableBlock } from '../row-block.ts'

/**
 * What is known of one followed path: the last value that somebody read, and the bytes that came after it. Bytes are decoded when the slot is read, so a path
 * that nobody reads costs nothing but the memory of its last value.
 */
export interface ValueSlot {
  /** Something arrived, be it that there is nothing. */
  known: boolean
  /** `value` is one that arrived and decoded. */
  good: boolean
  value: unknown
  /** A whole value that replaces `value`, not decoded yet. */
  bytes: Uint8Array | null
  /** The same as a table. One of the two at most. */
  table: TableBlock | null
  /** Changes on top of that, not applied yet. Those of a table are `rows`. */
  changes: PathChange[]
  rows: RowsBlock[]
  changeBytes: number
}

export function createSlot(): ValueSlot {
  return {
    known: false,
    good: false,
    value: undefined,
    bytes: null,
    table: null,
    changes: [],
    rows: [],
    changeBytes: 0,
  }
}

/** Whether nothing is left to decode. */
export function isRead(slot: ValueSlot): boolean {
  return slot.bytes === null && slot.table === null && slot.changes.length === 0 && slot.rows.length === 0
}
