import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef, Types } from '@rivulet/wire'

export interface Row {
  name: string
  x: number
  y: number
}

export interface Board {
  title: string
  items: Map<string, Row> | null
  log: string[] | null
  weather: { wind: number; note: string; gusts: number[] | null }
  urlPath: string
  pilot: Row | null
  byId: Map<number, Row> | null
  image: Uint8Array | null
  big: bigint
  opt: number | null
}

/** A store with one field of every shape that the engine treats differently. */
export const types: Types = [
  {
    'test.Row': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'x', id: 2, type: { kind: 'float64' } },
        { name: 'y', id: 3, type: { kind: 'float64' } },
      ],
    },
    'test.Weather': {
      form: 'partial',
      fields: [
        { name: 'wind', id: 1, type: { kind: 'float64' } },
        { name: 'note', id: 2, type: { kind: 'string' } },
        { name: 'gusts', id: 3, type: { kind: 'array', elem: { kind: 'float64' } } },
      ],
    },
    'test.Board': {
      form: 'partial',
      fields: [
        { name: 'title', id: 1, type: { kind: 'string' } },
        {
          name: 'items',
          id: 2,
          type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'test.Row' } },
          mod: true,
        },
        { name: 'log', id: 3, type: { kind: 'array', elem: { kind: 'string' } } },
        { name: 'weather', id: 4, type: { kind: 'struct', ref: 'test.Weather' }, mod: true },
        { name: 'urlPath', wire: 'URLPath', id: 5, type: { kind: 'string' } },
        { name: 'pilot', id: 6, type: { kind: 'pointer', elem: { kind: 'struct', ref: 'test.Row' } }, mod: true },
        {
          name: 'byId',
          wire: 'ByID',
          id: 7,
          type: { kind: 'map', key: { kind: 'uint32' }, value: { kind: 'struct', ref: 'test.Row' } },
          mod: true,
        },
        { name: 'image', id: 8, type: { kind: 'bytes' } },
        { name: 'big', id: 9, type: { kind: 'uint64', as: 'bigint' } },
        { name: 'opt', id: 10, type: { kind: 'pointer', elem: { kind: 'uint32' } } },
      ],
    },
    'test.AddRequest': {
      form: 'flat',
      fields: [
        { name: 'x', type: { kind: 'int32' } },
        { name: 'y', type: { kind: 'int32' } },
      ],
    },
    'test.AddResponse': {
      form: 'flat',
      fields: [
        { name: 'result', type: { kind: 'int32' } },
        { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
      ],
    },
    'test.Blob': { form: 'flat', fields: [{ name: 'bytes', type: { kind: 'bytes' } }] },
    'test.Packet': { form: 'flat', fields: [{ name: 'n', type: { kind: 'int32' } }] },
  },
]

export const BoardStore: StoreDef<Board> = { kind: 'store', name: 'BoardStore', state: 'test.Board', types }
export const OtherStore: StoreDef<Board> = { kind: 'store', name: 'OtherStore', state: 'test.Board', types }
export const GhostStore: StoreDef<Board> = { kind: 'store', name: 'GhostStore', state: 'test.Board', types }

export const Add: RpcDef<{ x: number; y: number }, number> = {
  kind: 'rpc',
  name: 'BoardStore.Add',
  request: 'test.AddRequest',
  response: 'test.AddResponse',
  types,
}
export const Upload: RpcDef<{ bytes: Uint8Array }, number> = {
  kind: 'rpc',
  name: 'BoardStore.Upload',
  request: 'test.Blob',
  response: 'test.AddResponse',
  types,
}
export const Poke: SendDef<{ x: number; y: number }> = {
  kind: 'send',
  name: 'BoardStore.Poke',
  request: 'test.AddRequest',
  types,
}
export const Tick: EventDef<{ n: number }> = { kind: 'event', name: 'Tick', packet: 'test.Packet', types }
export const Sound: KeyedEventDef<{ n: number }> = {
  kind: 'keyedEvent',
  store: 'BoardStore',
  name: 'Board.Sound',
  packet: 'test.Packet',
  types,
}

export function row(name: string, x = 0, y = 0): Row {
  return { name, x, y }
}

export function board(over: Partial<Board> = {}): Board {
  return {
    title: 'first',
    items: new Map([
      ['a', row('a', 1, 1)],
      ['b', row('b', 2, 2)],
    ]),
    log: ['one', 'two'],
    weather: { wind: 3, note: 'calm', gusts: [1, 2] },
    urlPath: '/x',
    pilot: row('p'),
    byId: new Map([[7, row('seven')]]),
    image: new Uint8Array([1, 2, 3]),
    big: 1n << 60n,
    opt: 5,
    ...over,
  }
}
