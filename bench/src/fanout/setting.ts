import { type Entity, makeMoves, makeWorld, type Move, type World } from '../decode/world.ts'

/** What the viewers watch: the whole world, each a row of its own, or all the same row. */
type Audience = 'whole' | 'own' | 'same'

/** One situation that every host is put into. */
export interface Setting {
  readonly rows: number
  readonly viewers: number
  /** Rows that one update moves. */
  readonly moved: number
  readonly audience: Audience
}

/** Updates that take turns, so that none finds its values there already. */
export const variants = 4

/** The updates of a setting, by variant. */
export function updatesOf({ rows, moved }: Setting): readonly (readonly Move[])[] {
  return Array.from({ length: variants }, (_, seed) => makeMoves(rows, moved, seed))
}

/** The state at the start. */
export function worldOf({ rows }: Setting): World {
  return makeWorld(rows)
}

/** Which row each viewer watches; null for the whole world. */
export function watchedRows({ audience, rows, viewers }: Setting): (Entity['id'] | null)[] {
  return Array.from({ length: viewers }, (_, i) => {
    if (audience === 'whole') return null
    return audience === 'same' ? 'e0' : `e${Math.floor((i * rows) / viewers)}`
  })
}

/** How many viewers an update concerns. */
export function deliveriesOf(setting: Setting): number {
  const moved = new Set(updatesOf(setting)[0]?.map(({ id }) => id))
  return watchedRows(setting).filter((row) => row === null || moved.has(row)).length
}
