import type { Path } from '@rivulet/wire'
import type { KeysChange, RowsChange } from './list-query.ts'
import type { PathStatus, PlainError } from './protocol.ts'
import type { RowsBlock, TableBlock } from './row-block.ts'

/**
 * A patch: what one transferred ArrayBuffer says to the page.
 *
 * ```
 * patch    = record*                                  until the buffer ends
 * record   = kind:u8 id:uint body
 * kind 1   status   status:u8 [error]                 status = index | 0x80 when an error follows
 * kind 2   value    blob                              the watched path's value, wire bytes of its type
 * kind 3   missing                                    no such key or index, or a null on the way
 * kind 4   changes  count:uint (path change)*         below the watched path; paths are relative to it
 * kind 16  keys     total:uint (1 keys | 0 edits)        of a watch with a query: how many rows there are, and the keys in its window
 * kind 17  rows changed   fresh:u8 added:keys removed:keys count:uint (key:part fields:keys)*    no fields = any of them
 * kind 5   table    table                             the watched map as a whole, row by row (row-block.ts says which maps)
 * kind 6   rows     rows                              what has changed in it
 * change   = 0                                        that key or element is gone
 *          | n+1:uint byte{n}                         its value, wire bytes of its type
 * path     = shared:uint count:uint part*           the first `shared` parts are those of the change before; at most 256 in all
 * part     = 0 text | 1 zigzag:uint | 2 text (decimal, a bigint) | 3 (false) | 4 (true) | 5 float64 (little-endian)
 * keys     = count:uint part*
 * edits    = count:uint gap:uint* count:uint (gap:uint part)*    positions that are gone, in the window as it was; keys that are new, at their positions in the window as it is; a gap = how many are left out
 * error    = code:text what:text present:u8 [store:text] [path] [offset:uint] [hint:text]    one bit of `present` each, from the lowest
 * table    = padding count:u32 slots:u32 keyBytes:u32 rowBytes:u32 keyEnd:u32{count} rowEnd:u32{count} slot:u32{slots} byte{keyBytes} byte{rowBytes}
 * rows     = padding changed:u32 gone:u32 added:u32 keyBytes:u32 rowBytes:u32 row:u32{changed} row:u32{gone} keyEnd:u32{added} rowEnd:u32{changed+added} byte{keyBytes} byte{rowBytes}
 * padding  = to the next offset that is a multiple of 4; u32 as the machine writes it: both ends are on one
 * text     = blob of UTF-8
 * blob     = n:uint byte{n}
 * uint     = 7 bits a byte, lowest first, high bit = more; at most 53 bits
 * ```
 *
 * What a change's path leads through and the page does not have (a key, an index, a null) starts as the zero value of its type, lists are filled up with zeros: that is how a host creates elements by
 * modifying them. A list element that is gone ends the list there. Bytes and sets are always given as a whole.
 * An `any` that is null has no bytes (encode-part.ts).
 *
 * The rows of a table are numbered from 0, new ones on from the last; a number is used once. After a change that leaves few of the numbers in use (`isThin`), both sides number the rows afresh, in their order.
 * Keys are UTF-8 or float64, rows wire bytes of the map's value type. A row that has changed is given as a whole, one that has come back is new.
 *
 * Both ends are of one build (the worker handshake checks it), so the grammar carries no version. Values are views of the buffer:
 * nothing is copied until somebody reads.
 */
export interface PatchSink {
  /** The watch's status changed. */
  status(id: number, status: PathStatus, error?: PlainError): void
  /** The watched path's whole value. `bytes` is a view of the patch. */
  value(id: number, bytes: Uint8Array): void
  /** The watched path leads to nothing now. */
  missing(id: number): void
  /** Only parts below the watched path changed; `bytes: null` = that key or element is gone. To be applied in order. */
  changes(id: number, changes: readonly PathChange[]): void
  /** Of a watch with a query: the keys in its window, or what changed about them. */
  keys(id: number, change: KeysChange): void
  /** Of a watch with a query: which rows are new, gone, or not what they were. */
  rowsChange(id: number, change: RowsChange): void
  /** The watched map's whole content. Views of the patch. */
  table(id: number, block: TableBlock): void
  /** Rows of the watched map changed, which has been given as a table. Views of the patch. */
  rows(id: number, block: RowsBlock): void
}

/** One changed part, at a path relative to the watch. */
export interface PathChange {
  readonly path: Path
  readonly bytes: Uint8Array | null
}

/** Kinds of records, as in the grammar above. */
export const STATUS = 1
export const VALUE = 2
export const MISSING = 3
export const CHANGES = 4
export const KEYS = 16
export const ROWS_CHANGE = 17
export const TABLE = 5
export const ROWS = 6

/** What a status byte means. */
export const STATUSES: readonly PathStatus[] = ['idle', 'loading', 'live', 'stale', 'error']
/** The bit of a status byte that announces an error. */
export const HAS_ERROR = 0x80
