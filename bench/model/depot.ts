import type { float32, int32, uint16 } from '@rivulet/wire'

/** Where something is. @restream.partials */
export interface Place {
  readonly x: float32
  readonly y: float32
  readonly z: float32
}

/** One row of the large state. @restream.partials */
export interface Crate {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly place: Place
  readonly weight: uint16
  readonly count: int32
  readonly sealed: boolean
}

/** The large state: twice as many structs as rows. @restream.store(Depot) */
export interface DepotStoreState {
  readonly crates: ReadonlyMap<string, Crate>
}
