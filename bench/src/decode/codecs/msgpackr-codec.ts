import type { Packr, Unpackr } from 'msgpackr'
import type { Codec } from '../codec.ts'
import type { Entity, Move } from '../world.ts'

/** A delta as an application on msgpackr would write it: a list of [id, x, y]. msgpackr itself has none. */
type PatchList = readonly (readonly [string, number, number])[]

/** A msgpackr build as a contestant, in its recommended use: records with shared structures, maps as Maps. */
export function msgpackrCodec(
  name: string,
  note: string,
  PackrOf: typeof Packr,
  UnpackrOf: typeof Unpackr,
): Codec<Map<string, Entity>> {
  // Shared structures, as msgpackr recommends for repeated shapes: the receiver knows them before the first message.
  const structures: object[] = []
  const packer = new PackrOf({ structures })
  const unpacker = new UnpackrOf({ structures })
  return {
    name,
    note,
    packageName: 'msgpackr',
    ours: false,
    send: (world) => ({
      // A copy, because the packer reuses its buffer.
      full: Uint8Array.from(packer.pack(world)),
      delta: (moves: readonly Move[]) => Uint8Array.from(packer.pack(moves.map(({ id, x, y }) => [id, x, y]))),
    }),
    decode: (full) => unpacker.unpack(full) as Map<string, Entity>,
    apply(state, delta) {
      for (const [id, x, y] of unpacker.unpack(delta) as PatchList) {
        const entity = state.get(id)
        if (entity !== undefined) state.set(id, { ...entity, x, y })
      }
      return state
    },
    entity: (state, id) => state.get(id),
    count: (state) => state.size,
  }
}
