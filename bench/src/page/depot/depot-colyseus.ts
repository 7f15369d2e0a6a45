import { Decoder, Encoder, MapSchema, schema, t } from '@colyseus/schema'
import type { Depot } from './depot.ts'

const PlaceState = schema({ x: t.float32(), y: t.float32(), z: t.float32() }, 'Place')
const CrateState = schema(
  {
    id: t.string(),
    name: t.string(),
    label: t.string(),
    place: PlaceState,
    weight: t.uint16(),
    count: t.int32(),
    sealed: t.boolean(),
  },
  'Crate',
)
const DepotSchema = schema({ crates: t.map(CrateState) }, 'Depot')

/** The depot in Colyseus's bytes. */
export function encodeColyseusDepot(depot: Depot): Uint8Array {
  Encoder.BUFFER_SIZE = Math.max(64 * 1024, depot.size * 160)
  const state = new DepotSchema()
  state.crates ??= new MapSchema()
  for (const [id, { place, ...crate }] of depot) {
    state.crates.set(id, new CrateState().assign({ ...crate, place: new PlaceState().assign({ ...place }) }))
  }
  return Uint8Array.from(new Encoder(state).encodeAll())
}

/** The depot decoded by Colyseus. */
export function decodeColyseusDepot(bytes: Uint8Array): InstanceType<typeof DepotSchema> {
  const decoder = new Decoder(new DepotSchema())
  decoder.decode(bytes)
  return decoder.state
}
