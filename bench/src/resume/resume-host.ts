import { type Entity, makeMoves, makeWorld, type Move } from '../decode/world.ts'

/** A store and what happens to it while its viewers are away. */
export interface Setting {
  readonly rows: number
  /** Rows that every change moves: always the same ones. */
  readonly moved: number
}

/** A host whose viewers lose their connections and come back. */
export interface ResumeHost {
  readonly port: number
  /** Makes one change. */
  change(round: number): void
  /** Viewers that have a connection now. */
  connected(): number
}

/** Starts a host that is ready for viewers. */
export type StartResumeHost = (setting: Setting) => Promise<ResumeHost>

/** How long viewers may be away, in seconds: longer than any run. */
export const AWAY_S = 3600

/** Changes that take turns, so that none finds its values there already. */
const variants = 4

/** Makes the changes of a setting. */
export function changesOf({ rows, moved }: Setting): (round: number) => readonly Move[] {
  const all = Array.from({ length: variants }, (_, seed) => makeMoves(rows, moved, seed))
  return (round) => all[round % variants] ?? []
}

/** The rows at the start. */
export function rowsOf({ rows }: Setting): Iterable<readonly [string, Entity]> {
  return makeWorld(rows)
}
