import { type Delta, encodeDelta } from '@rivulet/wire'
import { makeMoves } from '../decode/world.ts'
import { WorldStore } from '../generated/schema.ts'

/** Deltas that move `moved` of `rows` entities and take turns, so that none finds its values already there. */
export function deltasOf(rows: number, moved: number): readonly Uint8Array[] {
  return Array.from({ length: 16 }, (_, round) => {
    const mods = new Map<string, Delta>()
    for (const { id, x, y } of makeMoves(rows, moved, round)) mods.set(id, { x: { set: x }, y: { set: y } })
    return encodeDelta(WorldStore, { entities: { mods } })
  })
}
