import type { Codec } from '../codec.ts'
import type { Entity, Move } from '../world.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const toBytes = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value))
const parse = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes))

/** JSON as text in UTF-8, read as objects. It has no deltas; an application sends a list of what moved. */
export const json: Codec<Record<string, Entity>> = {
  name: 'JSON.parse',
  packageName: null,
  ours: false,
  note: 'with TextDecoder; delta = hand-written list',
  send: (world) => ({
    full: toBytes(Object.fromEntries(world)),
    delta: (moves) => toBytes(moves.map(({ id, x, y }) => [id, x, y])),
  }),
  decode: (full) => parse(full) as Record<string, Entity>,
  apply(state, delta) {
    for (const [id, x, y] of parse(delta) as readonly (readonly [Move['id'], number, number])[]) {
      const entity = state[id]
      if (entity !== undefined) state[id] = { ...entity, x, y }
    }
    return state
  },
  entity: (state, id) => state[id],
  count: (state) => Object.keys(state).length,
}
