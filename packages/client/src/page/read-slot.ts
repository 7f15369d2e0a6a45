import { RivuletError, type TypeNode, type Types } from '@rivulet/wire'
import { decodePart } from '../decode-part.ts'
import { isTable, type RowsBlock, type TableBlock } from '../row-block.ts'
import { applyChanges } from './apply-change.ts'
import { dropChanges } from './fill-slot.ts'
import { openRows, RowMap } from './row-map.ts'
import { isRead, type ValueSlot } from './value-slot.ts'

/**
 * The value, decoding what is left to decode. The same object as long as nothing arrived.
 *
 * Throws `RivuletError` when the bytes do not decode; the slot then keeps its last good value and forgets the bytes.
 */
export function readSlot(slot: ValueSlot, types: Types, node: TypeNode): unknown {
  const { bytes, table, changes, rows } = slot
  if (isRead(slot)) return slot.value
  slot.bytes = null
  slot.table = null
  dropChanges(slot)
  // Until the first value has decoded there is nothing to fall back on but what is read of an unknown path.
  slot.known = slot.good
  if (bytes !== null) slot.value = decodePart(types, node, bytes)
  else if (table !== null) slot.value = open(types, node, table)
  slot.known = slot.good = true
  if (changes.length > 0) slot.value = applyChanges(types, node, slot.value, changes)
  for (const block of rows) slot.value = change(slot.value, block)
  return slot.value
}

function open(types: Types, node: TypeNode, table: TableBlock): RowMap {
  if (!isTable(node)) throw new RivuletError('protocol', `a value of type ${node.kind} came as a table`)
  return openRows(types, node, table)
}

function change(value: unknown, block: RowsBlock): RowMap {
  if (!(value instanceof RowMap)) throw new RivuletError('protocol', 'rows changed of a value that is no table')
  return value.after(block)
}
