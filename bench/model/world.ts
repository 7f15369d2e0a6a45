import type { float32, int32, uint16 } from '@rivulet/wire'

/** One row of the workload: two strings, two floats, two integers, a flag. @restream.partials */
export interface Entity {
  readonly id: string
  readonly name: string
  readonly x: float32
  readonly y: float32
  readonly hp: uint16
  readonly score: int32
  readonly alive: boolean
}

/** The state that every contestant decodes, in Rivulet's terms. @restream.store(World) */
export interface WorldStoreState {
  readonly entities: ReadonlyMap<string, Entity>
}
