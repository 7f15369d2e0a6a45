import { encodeDelta, encodeState } from '@rivulet/wire'
import { WorldStore } from '../generated/schema.ts'
import type { Move } from '../decode/world.ts'
import { type Setting, updatesOf, worldOf } from './setting.ts'

/** The bytes of Rivulet's own messages, made before anybody measures, for hosts that know nothing but bytes. */
export interface RecordedUpdates {
  readonly full: Uint8Array
  /** By variant: what followers of the whole world get. */
  readonly whole: readonly Uint8Array[]
  /** By variant: what followers of one row get. */
  readonly byRow: readonly ReadonlyMap<string, Uint8Array>[]
}

function deltaOf(moves: readonly Move[]): Uint8Array {
  const mods = new Map(moves.map(({ id, x, y }) => [id, { x: { set: x }, y: { set: y } }]))
  return encodeDelta(WorldStore, { entities: { mods } })
}

/** Encodes everything that a setting needs. */
export function recordUpdates(setting: Setting): RecordedUpdates {
  const updates = updatesOf(setting)
  return {
    full: encodeState(WorldStore, { entities: worldOf(setting) }),
    whole: updates.map(deltaOf),
    byRow: updates.map((moves) => new Map(moves.map((move) => [move.id, deltaOf([move])]))),
  }
}
