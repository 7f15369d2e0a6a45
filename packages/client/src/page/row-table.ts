import { RivuletError, type Types } from '@rivulet/wire'
import {
  type Blob,
  hashKey,
  isThin,
  type RowKey,
  type RowsBlock,
  type TableBlock,
  type TableNode,
} from '../row-block.ts'
import { createSegment, moveRow, type Segment, seenRow, sizeOf, startOf } from './row-segment.ts'

/** Rows in a chunk: what is copied of a map of any size because of one changed row. */
const BITS = 8
const CHUNK = 1 << BITS
const LOW = CHUNK - 1

/** Where the rows of a chunk lie. `null`: no such row. */
interface Chunk {
  readonly segments: (Segment | null)[]
  readonly rows: Uint32Array
}

/** What all versions of a table share. Numbers of rows mean the same in all of them; only ever added to. */
interface Shared {
  readonly types: Types
  readonly node: TableNode
  /** The rows that it began with: where no chunk says otherwise, row n is its nth. */
  readonly first: Segment
  readonly block: TableBlock
  /** Keys that have been read, by row number. */
  readonly keys: (RowKey | undefined)[]
  /** Numbers of the rows that came later, the newest of each key. */
  readonly added: Map<RowKey, number>
  /** The row that had the same key before this one came. */
  readonly former: Map<number, number>
}

/** One version of a table. Never changes; the next one shares all chunks with it in which no row changed. */
export interface RowTable {
  readonly shared: Shared
  readonly chunks: readonly (Chunk | null)[]
  /** Numbers given out by now. */
  readonly count: number
  readonly size: number
  /** Bytes that the rows have, and that are kept for them. */
  readonly liveBytes: number
  readonly heldBytes: number
}

/** A table that has arrived. Costs the same for any number of rows. */
export function openTable(types: Types, node: TableNode, block: TableBlock): RowTable {
  const count = block.rows.ends.length
  const first = createSegment(types, node.value, block.rows)
  const bytes = block.rows.bytes.length
  return {
    shared: { types, node, first, block, keys: [], added: new Map(), former: new Map() },
    chunks: Array.from<Chunk | null>({ length: (count + LOW) >> BITS }).fill(null),
    count,
    size: count,
    liveBytes: bytes,
    heldBytes: bytes,
  }
}

/** The segment in which a row lies in this version; null when it does not have it. */
export function place(table: RowTable, row: number): Segment | null {
  const chunk = table.chunks[row >> BITS]
  if (chunk === undefined || row >= table.count) return null
  return chunk === null ? table.shared.first : (chunk.segments[row & LOW] ?? null)
}

/** The place of a row in its segment. */
export function placeIn(table: RowTable, row: number): number {
  const chunk = table.chunks[row >> BITS]
  return chunk === null || chunk === undefined ? row : (chunk.rows[row & LOW] as number)
}

/** The number of the row with this key in this version; -1 when there is none. */
export function rowOf(table: RowTable, key: unknown): number {
  const { shared } = table
  if (typeof key !== 'string' && typeof key !== 'number') return -1
  let row = shared.added.get(key) ?? firstRow(shared, key)
  // What came after this version, or is gone in it, may have had the key before.
  while (row >= 0 && place(table, row) === null) row = shared.former.get(row) ?? -1
  return row
}

function firstRow(shared: Shared, key: RowKey): number {
  const { slots } = shared.block
  const mask = slots.length - 1
  let slot = hashKey(key) & mask
  for (let tries = 0; tries <= mask; tries++) {
    const found = slots[slot] as number
    if (found === 0) return -1
    if (keyOf(shared, found - 1) === key) return found - 1
    slot = (slot + 1) & mask
  }
  return -1
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The key of a row. */
export function keyOf(shared: Shared, row: number): RowKey | undefined {
  const known = shared.keys[row]
  if (known !== undefined) return known
  return row < shared.block.keys.ends.length
    ? (shared.keys[row] = readKey(shared.node, shared.block.keys, row))
    : undefined
}

function readKey(node: TableNode, { bytes, ends }: Blob, n: number): RowKey {
  const start = n === 0 ? 0 : (ends[n - 1] as number)
  const end = ends[n] as number
  if ((node.key.kind as string) !== 'string') {
    if (end - start !== 8 || end > bytes.length) throw astray('a key is not a number')
    return new DataView(bytes.buffer, bytes.byteOffset + start, 8).getFloat64(0, true)
  }
  if (end - start < 24) {
    // Short and ASCII, as keys are: a call into TextDecoder costs more than the loop.
    let key = ''
    for (let i = start; i < end; i++) {
      const c = bytes[i] as number
      if (c >= 0x80) return utf8.decode(bytes.subarray(start, end))
      key += String.fromCharCode(c)
    }
    return key
  }
  return utf8.decode(bytes.subarray(start, end))
}

/** The table after these changes. Costs what the changed rows cost to find; none is decoded. Throws `protocol` for a block that does not fit. */
export function applyRows(table: RowTable, block: RowsBlock): RowTable {
  const { shared } = table
  const { changed, gone, keys, rows } = block
  const segment = createSegment(shared.types, shared.node.value, rows)
  const next = { ...table, chunks: table.chunks.slice() }
  const own = new Set<Chunk>()
  const chunkOf = (row: number): Chunk => {
    const at = next.chunks[row >> BITS]
    if (at !== null && at !== undefined && own.has(at)) return at
    const copy = copyChunk(shared, at, row >> BITS, table.count)
    next.chunks[row >> BITS] = copy
    own.add(copy)
    return copy
  }
  const leave = (row: number): Segment => {
    const old = row < table.count ? place(next, row) : null
    if (old === null) throw astray('a row that is not there')
    next.liveBytes -= sizeOf(old, placeIn(next, row))
    if (--old.live === 0) next.heldBytes -= old.bytes.length
    return old
  }
  changed.forEach((row, i) => {
    const old = leave(row)
    const seen = seenRow(old, placeIn(next, row))
    if (seen !== undefined) segment.priors[i] = seen
    const chunk = chunkOf(row)
    chunk.segments[row & LOW] = segment
    chunk.rows[row & LOW] = i
  })
  gone.forEach((row) => {
    leave(row)
    chunkOf(row).segments[row & LOW] = null
  })
  for (let i = 0; i < keys.ends.length; i++) {
    const row = next.count++
    const key = readKey(shared.node, keys, i)
    const before = shared.added.get(key) ?? firstRow(shared, key)
    shared.keys[row] = key
    if (before >= 0) shared.former.set(row, before)
    shared.added.set(key, row)
    const chunk = chunkOf(row)
    chunk.segments[row & LOW] = segment
    chunk.rows[row & LOW] = changed.length + i
  }
  next.size += keys.ends.length - gone.length
  next.liveBytes += rows.bytes.length
  if (segment.live > 0) next.heldBytes += rows.bytes.length
  return detached(repacked(isThin(next.count, next.size) ? renumbered(next) : next))
}

function copyChunk(shared: Shared, chunk: Chunk | null | undefined, at: number, count: number): Chunk {
  if (chunk !== null && chunk !== undefined) return { segments: chunk.segments.slice(), rows: chunk.rows.slice() }
  const rows = new Uint32Array(CHUNK)
  const segments: (Segment | null)[] = []
  for (let i = 0; i < CHUNK; i++) {
    const row = (at << BITS) + i
    rows[i] = row
    segments.push(chunk === null && row < count ? shared.first : null)
  }
  return { segments, rows }
}

/** Calls `visit` with every row that this version has, in order. */
function eachRow(table: RowTable, visit: (row: number, segment: Segment, at: number) => void): void {
  for (let row = 0; row < table.count; row++) {
    const segment = place(table, row)
    if (segment !== null) visit(row, segment, placeIn(table, row))
  }
}

/** The same rows under new numbers without gaps. */
function renumbered(table: RowTable): RowTable {
  const { shared } = table
  const fresh: Shared = {
    ...shared,
    first: noRows(shared),
    block: { keys: NOTHING, rows: NOTHING, slots: new Uint32Array(4) },
    keys: [],
    added: new Map(),
    former: new Map(),
  }
  const chunks: Chunk[] = []
  let count = 0
  eachRow(table, (row, segment, at) => {
    const key = keyOf(shared, row) as RowKey
    const chunk = (chunks[count >> BITS] ??= { segments: [], rows: new Uint32Array(CHUNK) })
    chunk.segments[count & LOW] = segment
    chunk.rows[count & LOW] = at
    fresh.keys[count] = key
    fresh.added.set(key, count++)
  })
  return { ...table, shared: fresh, chunks, count }
}

/** Segments of which a few rows are left pin the memory of all their rows: now and then these few are put together. Paid for by what had to arrive before it is worth it. */
function repacked(table: RowTable): RowTable {
  if (table.heldBytes <= 4 * table.liveBytes + 65_536) return table
  const { shared } = table
  const moving: { row: number; segment: Segment; at: number }[] = []
  let size = 0
  eachRow(table, (row, segment, at) => {
    if (segment.live * 2 >= segment.ends.length) return
    moving.push({ row, segment, at })
    size += sizeOf(segment, at)
  })
  const bytes = new Uint8Array(size)
  const ends = new Uint32Array(moving.length)
  let end = 0
  for (const [i, { segment, at }] of moving.entries()) {
    bytes.set(segment.bytes.subarray(startOf(segment, at), segment.ends[at]), end)
    ends[i] = end += sizeOf(segment, at)
  }
  const packed = createSegment(shared.types, shared.node.value, { bytes, ends })
  const chunks = table.chunks.slice()
  const own = new Set<Chunk>()
  let left = 0
  for (const [i, { row, segment, at }] of moving.entries()) {
    let chunk = chunks[row >> BITS]
    if (chunk === null || chunk === undefined || !own.has(chunk)) {
      chunks[row >> BITS] = chunk = copyChunk(shared, chunk, row >> BITS, table.count)
      own.add(chunk)
    }
    chunk.segments[row & LOW] = packed
    chunk.rows[row & LOW] = i
    moveRow(segment, at, packed, i)
    if (--segment.live === 0) left += segment.bytes.length
  }
  return { ...table, chunks, heldBytes: table.heldBytes - left + size }
}

/** Keys and index lie in the same memory as the rows that the table began with: without these, they are worth a copy. */
function detached(table: RowTable): RowTable {
  const { shared } = table
  const { first, block } = shared
  if (first.live > 0 || first.bytes.length === 0) return table
  const keys = { bytes: block.keys.bytes.slice(), ends: block.keys.ends.slice() }
  return {
    ...table,
    shared: { ...shared, first: noRows(shared), block: { keys, rows: NOTHING, slots: block.slots.slice() } },
  }
}

const NOTHING: Blob = { bytes: new Uint8Array(), ends: new Uint32Array() }

function noRows({ types, node }: Shared): Segment {
  return createSegment(types, node.value, NOTHING)
}

function astray(what: string): RivuletError {
  return new RivuletError('protocol', `a change that does not fit its table: ${what}`)
}
