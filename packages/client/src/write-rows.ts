import { putHead, reserve, type PatchWriter } from './write-patch.ts'
import { ROWS, TABLE } from './patch.ts'
import { hashKey, type RowKey, slotCount } from './row-block.ts'

const utf8 = new TextEncoder()

/** Gives the whole content of watch `id`: `rows` are the wire bytes of the values of `keys`. */
export function putTable(w: PatchWriter, id: number, keys: readonly RowKey[], rows: readonly Uint8Array[]): void {
  putHead(w, TABLE, id)
  const spelled = keys.map(spell)
  const slots = slotCount(keys.length)
  const head = align(w, 4 + keys.length * 2 + slots)
  head[0] = keys.length
  head[1] = slots
  head[2] = putEnds(head, 4, spelled)
  head[3] = putEnds(head, 4 + keys.length, rows)
  index(keys, head.subarray(4 + keys.length * 2))
  // The head is done before anything may move the bytes it is a view of.
  putAll(w, spelled)
  putAll(w, rows)
}

/** Gives what has changed in the table of watch `id`: `rows` are the contents of `changed`, then those of the new `keys`. */
export function putRows(
  w: PatchWriter,
  id: number,
  changed: readonly number[],
  gone: readonly number[],
  keys: readonly RowKey[],
  rows: readonly Uint8Array[],
): void {
  putHead(w, ROWS, id)
  const spelled = keys.map(spell)
  const head = align(w, 5 + changed.length + gone.length + keys.length + rows.length)
  head[0] = changed.length
  head[1] = gone.length
  head[2] = keys.length
  let at = 5
  head.set(changed, at)
  head.set(gone, (at += changed.length))
  head[3] = putEnds(head, (at += gone.length), spelled)
  head[4] = putEnds(head, at + keys.length, rows)
  putAll(w, spelled)
  putAll(w, rows)
}

/** Room for so many words at the next multiple of four. */
function align(w: PatchWriter, words: number): Uint32Array {
  reserve(w, 3 + words * 4)
  const start = (w.pos + 3) & ~3
  // What a reused buffer had there would make patches differ for no reason.
  w.bytes.fill(0, w.pos, start)
  w.pos = start + words * 4
  return new Uint32Array(w.bytes.buffer, start, words).fill(0)
}

function putEnds(head: Uint32Array, at: number, items: readonly Uint8Array[]): number {
  let end = 0
  for (let i = 0; i < items.length; i++) head[at + i] = end += (items[i] as Uint8Array).length
  return end
}

function putAll(w: PatchWriter, items: readonly Uint8Array[]): void {
  let size = 0
  for (const { length } of items) size += length
  reserve(w, size)
  for (const item of items) {
    w.bytes.set(item, w.pos)
    w.pos += item.length
  }
}

function index(keys: readonly RowKey[], slots: Uint32Array): void {
  const mask = slots.length - 1
  for (let row = 0; row < keys.length; row++) {
    let slot = hashKey(keys[row] as RowKey) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = row + 1
  }
}

function spell(key: RowKey): Uint8Array {
  if (typeof key === 'string') return utf8.encode(key)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, key, true)
  return bytes
}
