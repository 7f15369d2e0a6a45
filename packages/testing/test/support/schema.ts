import type { EventDef, KeyedEventDef, RpcDef, SendDef, StoreDef, Types } from '@rivulet/wire'

interface Boat {
  readonly name: string
  readonly draught: number
}

/** Something of everything that a host tells in its own way: scalars, a list, a map, a struct. */
export interface Harbor {
  readonly title: string
  readonly open: boolean
  readonly ticks: number
  readonly log: readonly string[] | null
  readonly boats: ReadonlyMap<string, Boat> | null
  readonly pilot: Boat
}

const boat = { kind: 'struct', ref: 'harbor.Boat' } as const
const types: Types = [
  {
    'harbor.Boat': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'draught', id: 2, type: { kind: 'float64' } },
      ],
    },
    'harbor.Harbor': {
      form: 'partial',
      fields: [
        { name: 'title', id: 1, type: { kind: 'string' } },
        { name: 'open', id: 2, type: { kind: 'bool' } },
        { name: 'ticks', id: 3, type: { kind: 'int32' } },
        { name: 'log', id: 4, type: { kind: 'array', elem: { kind: 'string' } } },
        { name: 'boats', id: 5, type: { kind: 'map', key: { kind: 'string' }, value: boat }, mod: true },
        { name: 'pilot', id: 6, type: boat, mod: true },
      ],
    },
    'harbor.Add': { form: 'flat', fields: [{ name: 'by', type: { kind: 'int32' } }] },
    'harbor.AddReply': {
      form: 'flat',
      fields: [
        { name: 'result', type: { kind: 'int32' } },
        { name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } },
      ],
    },
    'harbor.ClearReply': {
      form: 'flat',
      fields: [{ name: 'error', type: { kind: 'pointer', elem: { kind: 'string' } } }],
    },
    'harbor.Horn': { form: 'flat', fields: [{ name: 'at', type: { kind: 'int32' } }] },
  },
]

export const HarborStore: StoreDef<Harbor> = { kind: 'store', name: 'HarborStore', state: 'harbor.Harbor', types }
export const Add: RpcDef<{ readonly by: number }, number> = {
  kind: 'rpc',
  name: 'HarborStore.Add',
  request: 'harbor.Add',
  response: 'harbor.AddReply',
  types,
}
export const Clear: RpcDef<{ readonly by: number }, void> = {
  kind: 'rpc',
  name: 'HarborStore.Clear',
  request: 'harbor.Add',
  response: 'harbor.ClearReply',
  types,
}
export const Sound: SendDef<{ readonly at: number }> = {
  kind: 'send',
  name: 'HarborStore.Sound',
  request: 'harbor.Horn',
  types,
}
export const Horn: EventDef<{ readonly at: number }> = { kind: 'event', name: 'Horn', packet: 'harbor.Horn', types }
export const Call: KeyedEventDef<{ readonly at: number }> = {
  kind: 'keyedEvent',
  store: 'HarborStore',
  name: 'Call',
  packet: 'harbor.Horn',
  types,
}
