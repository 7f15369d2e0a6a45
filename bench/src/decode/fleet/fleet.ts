import type { StoreDef, StructDef, TypeNode } from '@rivulet/wire'

/** A place, in degrees. */
interface Position {
  readonly lat: number
  readonly lon: number
}

/** One row of the second workload: what the entities of the first one do not have. */
export interface Boat {
  readonly name: string
  readonly position: Position
  readonly anchor: Position | null
  readonly route: readonly Position[]
  readonly speeds: readonly number[]
  readonly crew: readonly string[]
  readonly levels: ReadonlyMap<string, number>
  /** Unix milliseconds. */
  readonly seenAt: number
  /** Metres; more than 32 bits. */
  readonly odometer: number
  readonly moored: boolean
}

/** Structs within structs, pointers, lists, maps of maps and 64-bit integers, so that no decoder is judged by one model alone. */
export type Fleet = ReadonlyMap<string, Boat>

/** The fleet in Rivulet's terms. */
export interface FleetState {
  readonly boats: Fleet
}

const position: TypeNode = { kind: 'struct', ref: 'bench.Position' }
const text: TypeNode = { kind: 'string' }
const float64: TypeNode = { kind: 'float64' }

const boatFields: readonly (readonly [keyof Boat, TypeNode])[] = [
  ['name', text],
  ['position', position],
  ['anchor', { kind: 'pointer', elem: position }],
  ['route', { kind: 'array', elem: position, notNull: true }],
  ['speeds', { kind: 'array', elem: float64, notNull: true }],
  ['crew', { kind: 'array', elem: text, notNull: true }],
  ['levels', { kind: 'map', key: { kind: 'string' }, value: float64, notNull: true }],
  ['seenAt', { kind: 'time', as: 'millis' }],
  ['odometer', { kind: 'int64' }],
  ['moored', { kind: 'bool' }],
]

const boat: StructDef = { form: 'partial', fields: boatFields.map(([name, type], i) => ({ name, id: i + 1, type })) }

/** The second workload's store. */
export const FleetStore: StoreDef<FleetState> = {
  kind: 'store',
  name: 'Fleet',
  state: 'bench.Fleet',
  types: [
    {
      'bench.Fleet': {
        form: 'partial',
        fields: [
          {
            name: 'boats',
            id: 1,
            mod: true,
            type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'bench.Boat' }, notNull: true },
          },
        ],
      },
      'bench.Boat': boat,
      'bench.Position': {
        form: 'partial',
        fields: [
          { name: 'lat', id: 1, type: float64 },
          { name: 'lon', id: 2, type: float64 },
        ],
      },
    },
  ],
}

const names = ['Albatross', 'Étoile du Nord', 'Wanderer', 'Ægir', 'Second Wind', 'Meridian']
const sailors = ['Ada', 'Björn', 'Chidi', 'Dolores', 'Eun-ji', 'Farid']
const tanks = ['fuel', 'fresh water', 'waste water']

/** A fleet of `count` boats, the same on every run. */
export function makeFleet(count: number): Fleet {
  const at = (i: number): Position => ({ lat: ((i * 37) % 1700) / 10 - 85, lon: ((i * 53) % 3590) / 10 - 179.5 })
  const boatOf = (i: number): Boat => ({
    name: `${names[i % names.length]} ${i}`,
    position: at(i),
    anchor: i % 3 === 0 ? at(i + 1) : null,
    route: Array.from({ length: i % 5 }, (_, k) => at(i + k)),
    speeds: Array.from({ length: 8 }, (_, k) => ((i * 7 + k * 3) % 200) / 10),
    crew: Array.from({ length: i % 4 }, (_, k) => sailors[(i + k) % sailors.length] as string),
    levels: new Map(tanks.map((tank, k) => [tank, ((i + k * 31) % 100) / 100])),
    seenAt: 1_790_000_000_000 + i * 977,
    odometer: 5_000_000_000 + i * 1234,
    moored: i % 4 === 0,
  })
  return new Map(Array.from({ length: count }, (_, i) => [`urn:mrn:imo:${9_000_000 + i}`, boatOf(i)]))
}
