import { makeWorld } from '../../decode/world.ts'
import type { Crate, DepotStoreState } from '../../generated/schema.ts'

/** The large state: twice as many structs as rows. */
export type Depot = DepotStoreState['crates']

/** A depot of `rows` crates. */
export function makeDepot(rows: number): Depot {
  const depot = new Map<string, Crate>()
  for (const { id, name, x, y, hp, score, alive } of makeWorld(rows).values()) {
    depot.set(id, {
      id,
      name,
      label: `Shelf ${hp}`,
      place: { x, y, z: x - y },
      weight: hp,
      count: score,
      sealed: alive,
    })
  }
  return depot
}
