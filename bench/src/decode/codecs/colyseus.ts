import { Decoder, Encoder, MapSchema, schema, t } from '@colyseus/schema'
import type { Codec } from '../codec.ts'

const EntityState = schema(
  {
    id: t.string(),
    name: t.string(),
    x: t.float32(),
    y: t.float32(),
    hp: t.uint16(),
    score: t.int32(),
    alive: t.boolean(),
  },
  'Entity',
)
const WorldState = schema({ entities: t.map(EntityState) }, 'World')

/** Colyseus: a class per struct, decoded in place. */
export const colyseus: Codec<Decoder<InstanceType<typeof WorldState>>> = {
  name: '@colyseus/schema',
  packageName: '@colyseus/schema',
  ours: false,
  note: 'changes its state in place',
  send(world) {
    // The default buffer is for a game's tick; a full state of 10,000 entities has to be announced.
    Encoder.BUFFER_SIZE = Math.max(64 * 1024, world.size * 128)
    const state = new WorldState()
    state.entities ??= new MapSchema()
    for (const [id, entity] of world) state.entities.set(id, new EntityState().assign({ ...entity }))
    const encoder = new Encoder(state)
    const full = Uint8Array.from(encoder.encodeAll())
    encoder.discardChanges()
    return {
      full,
      delta(moves) {
        for (const { id, x, y } of moves) state.entities.get(id)?.assign({ x, y })
        const bytes = Uint8Array.from(encoder.encode())
        encoder.discardChanges()
        return bytes
      },
    }
  },
  decode(full) {
    const decoder = new Decoder(new WorldState())
    decoder.decode(full)
    return decoder
  },
  apply(decoder, delta) {
    decoder.decode(delta)
    return decoder
  },
  entity: (decoder, id) => decoder.state.entities.get(id),
  count: (decoder) => decoder.state.entities.size,
}
