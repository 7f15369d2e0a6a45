import { RivuletError } from '@rivulet/wire'
import type { Blob, RowsBlock, TableBlock } from './row-block.ts'

/** Where a patch is being read. */
interface Cursor {
  readonly bytes: Uint8Array
  pos: number
}

/** Reads what {@link putTable} writes, in constant time: nothing is copied, no row is looked at. Throws `truncated` or `malformed`. */
export function takeTable(r: Cursor): TableBlock {
  align(r)
  const [count, slots, keyBytes, rowBytes] = takeWords(r, 4) as unknown as [number, number, number, number]
  if (slots < count * 2 || slots < 4 || (slots & (slots - 1)) !== 0) throw malformed(r.pos, 'the index of a table')
  const keyEnds = takeWords(r, count)
  const rowEnds = takeWords(r, count)
  const index = takeWords(r, slots)
  return { keys: takeBlob(r, keyEnds, keyBytes), rows: takeBlob(r, rowEnds, rowBytes), slots: index }
}

/** Reads what {@link putRows} writes, in constant time. Throws `truncated` or `malformed`. */
export function takeRows(r: Cursor): RowsBlock {
  align(r)
  const head = takeWords(r, 5) as unknown as [number, number, number, number, number]
  const changed = takeWords(r, head[0])
  const gone = takeWords(r, head[1])
  const keyEnds = takeWords(r, head[2])
  const rowEnds = takeWords(r, head[0] + head[2])
  return { changed, gone, keys: takeBlob(r, keyEnds, head[3]), rows: takeBlob(r, rowEnds, head[4]) }
}

function align(r: Cursor): void {
  r.pos = (r.pos + 3) & ~3
}

function takeWords(r: Cursor, n: number): Uint32Array {
  if (n * 4 > r.bytes.length - r.pos) throw truncated(r.pos)
  r.pos += n * 4
  return new Uint32Array(r.bytes.buffer, r.bytes.byteOffset + r.pos - n * 4, n)
}

function takeBlob(r: Cursor, ends: Uint32Array, size: number): Blob {
  if (size > r.bytes.length - r.pos) throw truncated(r.pos)
  if (size !== (ends.at(-1) ?? 0)) throw malformed(r.pos, 'the length of the rows')
  r.pos += size
  return { bytes: r.bytes.subarray(r.pos - size, r.pos), ends }
}

function truncated(offset: number): RivuletError {
  return new RivuletError('truncated', 'the patch ends inside a table', { offset })
}

function malformed(offset: number, what: string): RivuletError {
  return new RivuletError('malformed', `${what} does not fit the table`, { offset })
}
