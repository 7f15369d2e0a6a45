import { decodeState, encodeState } from '@rivulet/wire'
import { Packr, Unpackr } from 'msgpackr'
import { Packr as StrictPackr, Unpackr as StrictUnpackr } from 'msgpackr/index-no-eval'
import { type Boat, type Fleet, FleetStore } from './fleet.ts'

/** One way to get a fleet across. */
export interface FleetCodec {
  readonly name: string
  readonly packageName: string | null
  readonly ours: boolean
  readonly note?: string
  readonly encode: (fleet: Fleet) => Uint8Array
  readonly decode: (full: Uint8Array) => unknown
  /** What `decode` returned as the fleet that it stands for. */
  readonly fleet: (decoded: unknown) => Fleet
}

function msgpackr(name: string, note: string, PackrOf: typeof Packr, UnpackrOf: typeof Unpackr): FleetCodec {
  const structures: object[] = []
  const packer = new PackrOf({ structures })
  const unpacker = new UnpackrOf({ structures })
  return {
    name,
    note,
    packageName: 'msgpackr',
    ours: false,
    encode: (fleet) => Uint8Array.from(packer.pack(fleet)),
    decode: (full) => unpacker.unpack(full),
    fleet: (decoded) => decoded as Fleet,
  }
}

type PlainBoat = Omit<Boat, 'levels'> & { readonly levels: Readonly<Record<string, number>> }

/** Those that take any value: the others would need the second model written down in their own schemas. */
export const fleetCodecs: readonly FleetCodec[] = [
  {
    name: 'rivulet',
    packageName: '@rivulet/wire',
    ours: true,
    encode: (boats) => encodeState(FleetStore, { boats }),
    decode: (full) => decodeState(FleetStore, full).boats,
    fleet: (decoded) => decoded as Fleet,
  },
  msgpackr('msgpackr', 'records, needs unsafe-eval', Packr, Unpackr),
  msgpackr('msgpackr no-eval', 'records, its CSP build', StrictPackr, StrictUnpackr),
  {
    name: 'JSON.parse',
    packageName: null,
    ours: false,
    note: 'with TextDecoder; maps as objects',
    encode(fleet) {
      const plain = Array.from(fleet, ([id, boat]) => [id, { ...boat, levels: Object.fromEntries(boat.levels) }])
      return new TextEncoder().encode(JSON.stringify(Object.fromEntries(plain)))
    },
    decode: (full) => JSON.parse(new TextDecoder().decode(full)) as unknown,
    fleet: (decoded) =>
      new Map(
        Object.entries(decoded as Record<string, PlainBoat>).map(([id, boat]) => [
          id,
          { ...boat, levels: new Map(Object.entries(boat.levels)) },
        ]),
      ),
  },
]
