import type { Box, EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef, StructTable, Types } from '@rivulet/wire'

export interface Position {
  readonly lat: number
  readonly lon: number
}

export interface Boat {
  readonly name: string
  readonly at: Position
  readonly crew: ReadonlyMap<string, number> | null
}

export interface Fleet {
  readonly title: string
  readonly count: number
  readonly open: boolean
  readonly at: Position
  readonly flagship: Boat | null
  readonly boats: ReadonlyMap<string, Boat> | null
  readonly berths: ReadonlyMap<number, string>
  readonly queue: readonly Boat[] | null
  readonly marks: readonly number[]
  readonly tags: ReadonlySet<string> | null
  readonly blob: Uint8Array | null
  readonly since: Date
  readonly note: Box<string | null> | null
  readonly next: Fleet | null
}

const string = { kind: 'string' } as const
const float = { kind: 'float64' } as const
const int = { kind: 'int32' } as const
const position = { kind: 'struct', ref: 'fleet.Position' } as const
const boat = { kind: 'struct', ref: 'fleet.Boat' } as const

const table: StructTable = {
  'fleet.Position': {
    form: 'partial',
    fields: [
      { name: 'lat', id: 1, type: float },
      { name: 'lon', id: 2, type: float },
    ],
  },
  'fleet.Boat': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: string },
      { name: 'at', id: 2, type: position, mod: true },
      { name: 'crew', id: 3, type: { kind: 'map', key: string, value: int } },
    ],
  },
  'fleet.Fleet': {
    form: 'partial',
    fields: [
      { name: 'title', id: 1, type: string },
      { name: 'count', id: 2, type: int },
      { name: 'open', id: 3, type: { kind: 'bool' } },
      { name: 'at', id: 4, type: position, mod: true },
      { name: 'flagship', id: 5, type: { kind: 'pointer', elem: boat }, mod: true },
      { name: 'boats', id: 6, type: { kind: 'map', key: string, value: boat }, mod: true },
      { name: 'berths', id: 7, type: { kind: 'map', key: int, value: string, notNull: true } },
      { name: 'queue', id: 8, type: { kind: 'array', elem: boat }, mod: true },
      { name: 'marks', id: 9, type: { kind: 'array', elem: int, notNull: true } },
      { name: 'tags', id: 10, type: { kind: 'set', key: string } },
      { name: 'blob', id: 11, type: { kind: 'bytes' } },
      { name: 'since', id: 12, type: { kind: 'time' } },
      { name: 'note', id: 13, type: { kind: 'pointer', elem: { kind: 'pointer', elem: string } } },
      { name: 'next', id: 14, type: { kind: 'pointer', elem: { kind: 'struct', ref: 'fleet.Fleet' } } },
    ],
  },
  'fleet.RenameRequest': {
    form: 'flat',
    fields: [
      { name: 'id', type: string },
      { name: 'name', type: string },
    ],
  },
  'fleet.RenameResponse': {
    form: 'flat',
    fields: [
      { name: 'result', type: int },
      { name: 'error', type: { kind: 'pointer', elem: string } },
    ],
  },
  'fleet.Horn': { form: 'flat', fields: [{ name: 'loud', type: int }] },
}

export const types: Types = [table]

export const FleetStore: StoreDef<Fleet> = { kind: 'store', name: 'fleet', state: 'fleet.Fleet', types }

export const Rename: RpcDef<{ readonly id: string; readonly name: string }, number> = {
  kind: 'rpc',
  name: 'rename',
  request: 'fleet.RenameRequest',
  response: 'fleet.RenameResponse',
  types,
}

export const Blow: SendDef<{ readonly loud: number }> = { kind: 'send', name: 'blow', request: 'fleet.Horn', types }

export const Horn: EventDef<{ readonly loud: number }> = { kind: 'event', name: 'horn', packet: 'fleet.Horn', types }

export const Bell: KeyedEventDef<{ readonly loud: number }> = {
  kind: 'keyedEvent',
  store: 'fleet',
  name: 'bell',
  packet: 'fleet.Horn',
  types,
}

export function makeBoat(name: string, lat = 0): Boat {
  return { name, at: { lat, lon: 0 }, crew: null }
}

export function makeFleet(parts: Partial<Fleet> = {}): Fleet {
  return {
    title: 'Harbour',
    count: 2,
    open: true,
    at: { lat: 1, lon: 2 },
    flagship: makeBoat('Ada', 5),
    boats: new Map([
      ['a', makeBoat('Ada', 1)],
      ['b', makeBoat('Bo', 2)],
    ]),
    berths: new Map([
      [1, 'one'],
      [2, 'two'],
    ]),
    queue: [makeBoat('Cy', 3)],
    marks: [1, 2, 3],
    tags: new Set(['x']),
    blob: new Uint8Array([1, 2]),
    since: new Date(1000),
    note: { value: null },
    next: null,
    ...parts,
  }
}
