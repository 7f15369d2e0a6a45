import { makeMoves, makeWorld, type Entity, type Move } from '../decode/world.ts'

/** A store and what moves in it. */
export interface Setting {
  readonly rows: number
  /** Rows that a change moves: always the same ones. */
  readonly moved: number
}

/** A host that is followed by real clients. */
export interface LiveHost {
  readonly port: number
  /** Makes change number `round`, and has it sent. */
  change(round: number): void
  /** Viewers that have a connection now. */
  connected(): number
}

/** Starts a host that is ready for viewers. */
export type StartLiveHost = (setting: Setting) => Promise<LiveHost>

/** The hosts by name. */
export type LiveHostName = 'rivulet' | 'rivulet, sessions' | 'colyseus' | 'json'

/** How long viewers may be away, in seconds: longer than any run. */
export const AWAY_S = 3600

/** Changes that take turns, so that none finds its values there already. An odd number of changes never ends where it began. */
const VARIANTS = 4

/** The moves of each change. */
export function movesOf({ rows, moved }: Setting): (round: number) => readonly Move[] {
  const all = Array.from({ length: VARIANTS }, (_, seed) => makeMoves(rows, moved, seed))
  return (round) => all[round % VARIANTS] ?? []
}

/** The rows at the start. */
export function rowsOf({ rows }: Setting): ReadonlyMap<string, Entity> {
  return makeWorld(rows)
}

/** What each row's x must be once `changes` changes have been made. */
export function xAfter(setting: Setting, changes: number): Map<string, number> {
  const xs = new Map(Array.from(rowsOf(setting), ([id, { x }]) => [id, x]))
  if (changes > 0) for (const { id, x } of movesOf(setting)(changes - 1)) xs.set(id, x)
  return xs
}
