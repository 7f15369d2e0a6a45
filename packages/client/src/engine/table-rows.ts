import { encodeValue, type PathPart, type Types } from '@rivulet/wire'
import { isThin, type RowKey, type TableNode } from '../row-block.ts'
import type { PatchWriter } from '../write-patch.ts'
import { putRows, putTable } from '../write-rows.ts'
import type { RowNumbers } from './watch-entry.ts'

// A map of structs on its way to the page: each row by itself, under a number.

/** Writes all rows; returns their numbers. Throws the wire's errors for rows that cannot be encoded. */
export function putWholeTable(
  w: PatchWriter,
  types: Types,
  node: TableNode,
  id: number,
  map: ReadonlyMap<RowKey, unknown>,
): RowNumbers {
  const of = new Map<RowKey, number>()
  const rows: Uint8Array[] = []
  for (const [key, value] of map) {
    of.set(key, rows.length)
    rows.push(encodeValue(types, node.value, value))
  }
  putTable(w, id, [...of.keys()], rows)
  return { of, next: rows.length }
}

/** Writes the rows of these keys as they are now, and brings `numbers` up to that. Throws the wire's errors for rows that cannot be encoded. */
export function putChangedRows(
  w: PatchWriter,
  types: Types,
  node: TableNode,
  id: number,
  map: ReadonlyMap<RowKey, unknown>,
  numbers: RowNumbers,
  keys: Iterable<PathPart>,
): void {
  const changed: number[] = []
  const gone: number[] = []
  const added: RowKey[] = []
  const rows: Uint8Array[] = []
  const newRows: Uint8Array[] = []
  for (const key of keys as Iterable<RowKey>) {
    const number = numbers.of.get(key)
    const value = map.get(key)
    if (value === undefined) {
      // A row that came and went between two patches has never been there.
      if (number !== undefined) gone.push(number)
      numbers.of.delete(key)
      continue
    }
    const bytes = encodeValue(types, node.value, value)
    if (number === undefined) {
      numbers.of.set(key, numbers.next + added.length)
      added.push(key)
      newRows.push(bytes)
    } else {
      changed.push(number)
      rows.push(bytes)
    }
  }
  numbers.next += added.length
  putRows(w, id, changed, gone, added, [...rows, ...newRows])
  if (isThin(numbers.next, numbers.of.size)) renumber(numbers)
}

/** As the page does (row-table.ts). */
function renumber(numbers: RowNumbers): void {
  let next = 0
  for (const key of numbers.of.keys()) numbers.of.set(key, next++)
  numbers.next = next
}
