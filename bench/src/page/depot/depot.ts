import { makeWorld } from '../../decode/world.ts'

/** Where something is. */
interface Place {
  readonly x: number
  readonly y: number
  readonly z: number
}

/** One row of the large state: a struct with a struct in it. */
interface Crate {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly place: Place
  readonly weight: number
  readonly count: number
  readonly sealed: boolean
}

/** The large state: twice as many structs as rows. */
export type Depot = ReadonlyMap<string, Crate>

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
