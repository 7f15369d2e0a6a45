import { makeMoves } from '../decode/world.ts'

/** A dashboard that shows little of what there is. */
export interface Setting {
  readonly rows: number
  readonly watched: number
}

/** Rows that the viewer looks at, spread over all. */
export function watchedIds({ rows, watched }: Setting): string[] {
  return Array.from({ length: watched }, (_, i) => `e${Math.floor((i * rows) / watched)}`)
}

/** The new x of every row at a tick: never what it was before. */
export function xsAt({ rows }: Setting, tick: number): readonly { readonly id: string; readonly x: number }[] {
  return makeMoves(rows, rows, tick)
}
