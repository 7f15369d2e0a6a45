import type { MapNode, TypeNode } from '@rivulet/wire'

/** What names a row. */
export type RowKey = string | number

/** A table: a map whose rows cross one by one, so that the page reads only the rows that it looks at. */
export interface TableNode extends MapNode {
  readonly key: MapNode['key'] & { readonly kind: 'string' | 'uint32' }
}

const KEYS = new Set(['string', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'])

/** Whether values of this type cross as tables: maps from strings or small integers to structs. All others are one value. */
export function isTable(node: TypeNode): node is TableNode {
  if (node.kind !== 'map' || !KEYS.has(node.key.kind)) return false
  const { value } = node
  return value.kind === 'struct' || (value.kind === 'pointer' && value.elem.kind === 'struct')
}

/** Things of varying length in one piece of memory; the nth ends at `ends[n]`, where the next one begins. */
export interface Blob {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

/** A table as a whole. Its rows are numbered from 0 in the order in which the map has them. */
export interface TableBlock {
  readonly keys: Blob
  /** Wire bytes of the map's value type. */
  readonly rows: Blob
  /** Open addressing from {@link hashKey}: row number + 1, 0 = free. A power of two, at least half of it free. */
  readonly slots: Uint32Array
}

/** What has changed in a table. */
export interface RowsBlock {
  /** Numbers of rows with a new content. */
  readonly changed: Uint32Array
  /** Numbers of rows that are gone. They are never used again. */
  readonly gone: Uint32Array
  /** Keys of new rows, which are numbered on from the last. */
  readonly keys: Blob
  /** The content of the changed rows, then of the new ones. */
  readonly rows: Blob
}

/** Both sides must find the same slot. */
export function hashKey(key: RowKey): number {
  let hash: number
  if (typeof key === 'string') {
    hash = key.length
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  } else hash = key | 0
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** How many slots the index of so many rows has. */
export function slotCount(rows: number): number {
  let slots = 4
  while (slots < rows * 2) slots *= 2
  return slots
}

/**
 * Whether so few of the numbers given out are in use that both sides number the rows afresh, in their order, after the change that brought it about.
 * Otherwise a table whose rows come and go would grow for ever.
 */
export function isThin(numbers: number, rows: number): boolean {
  return numbers > 2 * rows + 1024
}
