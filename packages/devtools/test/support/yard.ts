import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef, StructTable, Types } from '@rivulet/wire'

/** A store, calls and events for tests written by hand. */
const table: StructTable = {
  'yard.Yard': {
    form: 'partial',
    fields: [
      { name: 'title', id: 1, type: { kind: 'string' } },
      { name: 'ticks', id: 2, type: { kind: 'int64' } },
      {
        name: 'boats',
        id: 3,
        mod: true,
        type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'yard.Boat' } },
      },
      { name: 'depths', id: 4, type: { kind: 'array', elem: { kind: 'int32' } } },
      { name: 'flags', id: 5, type: { kind: 'set', key: { kind: 'string' } } },
      { name: 'raw', id: 6, type: { kind: 'bytes' } },
      { name: 'serial', id: 7, type: { kind: 'uint64', as: 'bigint' } },
    ],
  },
  'yard.Boat': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: { kind: 'string' } },
      { name: 'x', id: 2, type: { kind: 'float64' } },
    ],
  },
  'yard.AddRequest': {
    form: 'flat',
    fields: [
      { name: 'x', type: { kind: 'int32' } },
      { name: 'y', type: { kind: 'int32' } },
    ],
  },
  'yard.AddResponse': {
    form: 'flat',
    fields: [
      { name: 'result', type: { kind: 'int64' } },
      { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
    ],
  },
  'yard.Ping': { form: 'flat', fields: [{ name: 'from', type: { kind: 'string' } }] },
}

/** The same with a `ticks` that holds every 64-bit integer, as hosts write it. */
const wide: StructTable = {
  ...table,
  'yard.Yard': {
    form: 'partial',
    fields: (table['yard.Yard']?.fields ?? []).map((field) =>
      field.name === 'ticks' ? { ...field, type: { kind: 'int64', as: 'bigint' } } : field,
    ),
  },
}

const yardTypes: Types = [table]

interface Boat {
  readonly name: string
  readonly x: number
}

export interface Yard {
  readonly title: string
  readonly ticks: number
  readonly boats: ReadonlyMap<string, Boat>
  readonly depths: readonly number[]
  readonly flags: ReadonlySet<string>
  readonly raw: Uint8Array
  readonly serial: bigint
}

export const YardStore: StoreDef<Yard> = { kind: 'store', name: 'YardStore', state: 'yard.Yard', types: yardTypes }
export const WideYard: StoreDef = { ...YardStore, types: [wide] }
export const Add: RpcDef = {
  kind: 'rpc',
  name: 'Yard.Add',
  request: 'yard.AddRequest',
  response: 'yard.AddResponse',
  types: yardTypes,
}
export const Poke: SendDef = { kind: 'send', name: 'Yard.Poke', request: 'yard.AddRequest', types: yardTypes }
export const Ping: EventDef = { kind: 'event', name: 'Yard.Ping', packet: 'yard.Ping', types: yardTypes }
export const Horn: KeyedEventDef = {
  kind: 'keyedEvent',
  store: 'YardStore',
  name: 'Yard.Horn',
  packet: 'yard.Ping',
  types: yardTypes,
}

/** A state with `boats` boats in it. */
export function yardWith(boats: number): Yard {
  return {
    title: 'Boatyard',
    ticks: 12,
    boats: new Map(Array.from({ length: boats }, (_, i) => [`b${i}`, { name: `Boat ${i}`, x: i / 2 }])),
    depths: [3, 1, 4, 1, 5],
    flags: new Set(['red', 'green']),
    raw: new Uint8Array([1, 2, 250]),
    serial: 18_446_744_073_709_551_615n,
  }
}
