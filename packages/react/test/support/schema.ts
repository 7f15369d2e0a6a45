import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef, StreamDef } from '@rivulet/client'

export interface Row {
  readonly name: string
  readonly count: number
}

/** Something of everything that hooks read: scalars, a list, a map, a nested struct, a nullable one. */
export interface FleetState {
  readonly on: boolean
  readonly title: string
  readonly ticks: number
  readonly marks: readonly string[] | null
  readonly rows: ReadonlyMap<string, Row> | null
  readonly head: Row
  readonly spare: Row | null
}

const row = { kind: 'struct', ref: 'fleet.Row' } as const
const types: StoreDef['types'] = [
  {
    'fleet.Row': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'count', id: 2, type: { kind: 'int32' } },
      ],
    },
    'fleet.State': {
      form: 'partial',
      fields: [
        { name: 'on', id: 1, type: { kind: 'bool' } },
        { name: 'title', id: 2, type: { kind: 'string' } },
        { name: 'ticks', id: 3, type: { kind: 'int32' } },
        { name: 'marks', id: 4, type: { kind: 'array', elem: { kind: 'string' } } },
        { name: 'rows', id: 5, type: { kind: 'map', key: { kind: 'string' }, value: row }, mod: true },
        { name: 'head', id: 6, type: row, mod: true },
        { name: 'spare', id: 7, type: { kind: 'pointer', elem: row }, mod: true },
      ],
    },
    'fleet.Add': { form: 'flat', fields: [{ name: 'by', type: { kind: 'int32' } }] },
    'fleet.AddReply': {
      form: 'flat',
      fields: [
        { name: 'result', type: { kind: 'int32' } },
        { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
      ],
    },
    'fleet.Ping': { form: 'flat', fields: [{ name: 'at', type: { kind: 'int32' } }] },
  },
]

export const FleetStore: StoreDef<FleetState> = { kind: 'store', name: 'FleetStore', state: 'fleet.State', types }
export const Add: RpcDef<{ readonly by: number }, number> = {
  kind: 'rpc',
  name: 'Add',
  request: 'fleet.Add',
  response: 'fleet.AddReply',
  types,
}
export const Ping: SendDef<{ readonly at: number }> = { kind: 'send', name: 'Ping', request: 'fleet.Ping', types }
export const Tick: EventDef<{ readonly at: number }> = { kind: 'event', name: 'Tick', packet: 'fleet.Ping', types }
export const Video: StreamDef = { kind: 'stream', store: 'FleetStore', name: 'Video' }
export const Note: KeyedEventDef<{ readonly at: number }> = {
  kind: 'keyedEvent',
  store: 'FleetStore',
  name: 'Note',
  packet: 'fleet.Ping',
  types,
}

/** A fleet with two rows. */
export const FLEET: FleetState = {
  on: true,
  title: 'Harbour',
  ticks: 1,
  marks: ['a', 'b'],
  rows: new Map([
    ['r1', { name: 'one', count: 1 }],
    ['r2', { name: 'two', count: 2 }],
  ]),
  head: { name: 'head', count: 0 },
  spare: null,
}
