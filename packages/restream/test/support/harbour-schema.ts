import type {
  Box,
  DynamicValue,
  EventDef,
  KeyedEventDef,
  RpcDef,
  SendDef,
  StoreDef,
  StructTable,
  Types,
} from '@rivulet/wire'

// What `rivulet generate` writes for the package whose generated classes are in ../emitted: for the host, and for components that have been moved over.

export interface Position {
  readonly lat: number
  readonly lon: number
}

export interface Boat {
  readonly name: string
  readonly at: Position
  readonly urlPath: string
  readonly tags: ReadonlyMap<string, string> | null
}

export interface Crate {
  readonly weight: number
  readonly owner: string | null
}

export interface HarbourState {
  readonly title: string
  readonly count: number
  readonly light: number
  readonly mode: string
  readonly boats: ReadonlyMap<string, Boat> | null
  readonly flagship: Boat | null
  readonly queue: readonly Boat[] | null
  readonly marks: readonly number[] | null
  readonly berths: ReadonlyMap<number, string> | null
  readonly opt: number | null
  readonly urlPath: string
  readonly blob: Uint8Array | null
  readonly since: Date
  readonly extra: DynamicValue | null
  readonly load: { readonly one: string | null; readonly many: ReadonlyMap<string, number> | null }
  readonly crates: readonly Crate[] | null
  readonly grid: readonly (readonly string[] | null)[] | null
}

export type Boxed = Box<string | null>

const string = { kind: 'string' } as const
const int = { kind: 'int64' } as const
const boat = { kind: 'struct', ref: 'harbour.Boat' } as const
const error = { name: 'error', type: { kind: 'pointer', elem: string } } as const

const structs: StructTable = {
  'harbour.Position': {
    form: 'flat',
    fields: [
      { name: 'lat', type: { kind: 'float64' } },
      { name: 'lon', type: { kind: 'float64' } },
    ],
  },
  'harbour.Boat': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: string },
      { name: 'at', id: 2, type: { kind: 'struct', ref: 'harbour.Position' } },
      { name: 'urlPath', wire: 'URLPath', id: 3, type: string },
      { name: 'tags', id: 5, type: { kind: 'map', key: string, value: string } },
    ],
  },
  'harbour.Crate': {
    form: 'fielded',
    fields: [
      { name: 'weight', id: 1, type: int },
      { name: 'owner', id: 2, type: { kind: 'pointer', elem: string } },
    ],
  },
  'harbour.Pair_string_int': {
    form: 'flat',
    fields: [
      { name: 'one', type: { kind: 'pointer', elem: string } },
      { name: 'many', type: { kind: 'map', key: string, value: int } },
    ],
  },
  'harbour.State': {
    form: 'partial',
    fields: [
      { name: 'title', id: 1, type: string },
      { name: 'count', id: 2, type: { kind: 'uint32' } },
      { name: 'light', id: 3, type: { kind: 'uint8', named: 'Light' } },
      { name: 'mode', id: 4, type: { kind: 'string', named: 'Mode' } },
      { name: 'boats', id: 5, type: { kind: 'map', key: string, value: boat }, mod: true },
      { name: 'flagship', id: 6, type: { kind: 'pointer', elem: boat }, mod: true },
      { name: 'queue', id: 7, type: { kind: 'array', elem: boat }, mod: true },
      { name: 'marks', id: 8, type: { kind: 'array', elem: int } },
      { name: 'berths', id: 9, type: { kind: 'map', key: { kind: 'uint32' }, value: string } },
      { name: 'opt', id: 10, type: { kind: 'pointer', elem: { kind: 'uint32' } } },
      { name: 'urlPath', wire: 'URLPath', id: 11, type: string },
      { name: 'blob', id: 12, type: { kind: 'bytes' } },
      { name: 'since', id: 13, type: { kind: 'time' } },
      { name: 'extra', id: 14, type: { kind: 'any' } },
      { name: 'load', id: 15, type: { kind: 'struct', ref: 'harbour.Pair_string_int' } },
      { name: 'crates', id: 16, type: { kind: 'array', elem: { kind: 'struct', ref: 'harbour.Crate' } } },
      { name: 'grid', id: 17, type: { kind: 'array', elem: { kind: 'array', elem: string } } },
    ],
  },
  'harbour.RenameRequest': {
    form: 'flat',
    fields: [
      { name: 'id', wire: 'ID', type: string },
      { name: 'boat', type: { kind: 'pointer', elem: boat } },
    ],
  },
  'harbour.RenameResponse': { form: 'flat', fields: [{ name: 'result', type: int }, error] },
  'harbour.ClearRequest': { form: 'flat', fields: [] },
  'harbour.ClearResponse': { form: 'flat', fields: [error] },
  'harbour.NoteRequest': {
    form: 'flat',
    fields: [
      { name: 'key', type: string },
      { name: 'data', type: { kind: 'bytes' } },
    ],
  },
  'harbour.HornEvent': {
    form: 'flat',
    fields: [
      { name: 'at', type: { kind: 'time' } },
      { name: 'n', type: int },
    ],
  },
  'harbour.SoundEvent': {
    form: 'flat',
    fields: [
      { name: 'audio', type: { kind: 'bytes' } },
      { name: 'boat', type: boat },
    ],
  },
}

const types: Types = [structs]

export const HarbourDef: StoreDef<HarbourState> = { kind: 'store', name: 'HarbourStore', state: 'harbour.State', types }
export const Rename: RpcDef<{ readonly id: string; readonly boat: Boat | null }, number> = {
  kind: 'rpc',
  name: 'Harbour.Rename',
  request: 'harbour.RenameRequest',
  response: 'harbour.RenameResponse',
  types,
}
export const Clear: RpcDef<Record<string, never>, void> = {
  kind: 'rpc',
  name: 'Harbour.Clear',
  request: 'harbour.ClearRequest',
  response: 'harbour.ClearResponse',
  types,
}
export const Note: SendDef<{ readonly key: string; readonly data: Uint8Array | null }> = {
  kind: 'send',
  name: 'Harbour.Note',
  request: 'harbour.NoteRequest',
  types,
}
export const Horn: EventDef<{ readonly at: Date; readonly n: number }> = {
  kind: 'event',
  name: 'Horn',
  packet: 'harbour.HornEvent',
  types,
}
export const Sound: KeyedEventDef<{ readonly audio: Uint8Array | null; readonly boat: Boat }> = {
  kind: 'keyedEvent',
  store: 'HarbourStore',
  name: 'Harbour.Sound',
  packet: 'harbour.SoundEvent',
  types,
}

export function boatNamed(name: string, lat = 0): Boat {
  return { name, at: { lat, lon: 0 }, urlPath: `/${name}`, tags: null }
}

/** A harbour with something of everything. */
export function someHarbour(): HarbourState {
  return {
    title: 'Hafen → 🛥',
    count: 2,
    light: 200,
    mode: 'manual',
    boats: new Map([
      ['a', { ...boatNamed('Ada', 1), tags: new Map([['k', 'v']]) }],
      ['b', boatNamed('Bo')],
    ]),
    flagship: boatNamed('Cy'),
    queue: [boatNamed('Dee')],
    marks: [1, -2, 2 ** 40],
    berths: new Map([[7, 'seven']]),
    opt: 5,
    urlPath: '/harbour',
    blob: new Uint8Array([1, 2, 3]),
    since: new Date(1000),
    extra: { type: { kind: 'array', elem: { kind: 'any' } }, value: [{ type: { kind: 'int64' }, value: 7 }] },
    load: { one: 'sand', many: new Map([['t', 12]]) },
    crates: [
      { weight: 3, owner: 'Eve' },
      { weight: 4, owner: null },
    ],
    grid: [['x', ''], null],
  }
}
