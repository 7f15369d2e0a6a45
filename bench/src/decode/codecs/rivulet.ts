import {
  applyDelta,
  applyMessage,
  decodeDelta,
  decodeState,
  type Delta,
  encodeDelta,
  encodeState,
  type FieldDelta,
  OWNS_ALL,
} from '@rivulet/wire'
import type { Codec, Sender } from '../codec.ts'
import type { Entity, Move, World } from '../world.ts'
import { WorldStore, type WorldStoreState } from '../../generated/schema.ts'

function deltaOf(moves: readonly Move[]): Delta {
  const mods = new Map(moves.map(({ id, x, y }): [string, Delta] => [id, { x: { set: x }, y: { set: y } }]))
  return { entities: { mods } satisfies FieldDelta }
}

const common = {
  packageName: '@rivulet/wire',
  ours: true,
  send: (entities: World): Sender => ({
    full: encodeState(WorldStore, { entities }),
    delta: (moves) => encodeDelta(WorldStore, deltaOf(moves)),
  }),
  decode: (full: Uint8Array): WorldStoreState => decodeState(WorldStore, full),
  entity: (state: WorldStoreState, id: string): Entity | undefined => state.entities.get(id),
  count: (state: WorldStoreState): number => state.entities.size,
} as const

/** Rivulet as its engine works: a delta's bytes are applied straight to a state that nobody else sees. */
export const rivulet: Codec<WorldStoreState> = {
  ...common,
  name: 'rivulet',
  note: 'deltas change the state in place, as in the worker',
  apply: (state, delta) => applyMessage(WorldStore, state, delta, { owned: OWNS_ALL }),
}

/** Rivulet as a pure reducer: the delta as a value, applied copy-on-write. Its full states are those of {@link rivulet}. */
export const rivuletPure: Codec<WorldStoreState> = {
  ...common,
  name: 'rivulet, pure',
  note: 'decodeDelta and applyDelta, copies what it touches',
  deltasOnly: true,
  apply: (state, delta) => applyDelta(WorldStore, state, decodeDelta(WorldStore, delta)).state,
}
