import { decodeValue, type TypeNode, type Types } from '@rivulet/wire'
import { applyChanges } from './apply-change.ts'
import { dropChanges } from './fill-slot.ts'
import { isRead, type ValueSlot } from './value-slot.ts'

/**
 * The value, decoding what is left to decode. The same object as long as nothing arrived.
 *
 * Throws `RivuletError` when the bytes do not decode; the slot then keeps its last good value and forgets the bytes.
 */
export function readSlot(slot: ValueSlot, types: Types, node: TypeNode): unknown {
  const { bytes, changes } = slot
  if (isRead(slot)) return slot.value
  slot.bytes = null
  dropChanges(slot)
  // Until the first value has decoded there is nothing to fall back on but what is read of an unknown path.
  slot.known = slot.good
  if (bytes !== null) slot.value = decodeValue(types, node, bytes)
  slot.known = slot.good = true
  if (changes.length > 0) slot.value = applyChanges(types, node, slot.value, changes)
  return slot.value
}
