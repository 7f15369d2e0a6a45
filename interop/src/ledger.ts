import type { EventDef, KeyedEventDef, RpcDef, StoreDef, Types } from '@rivulet/wire'

/** A store with one field of each shape that may get lost in its own way. */
export interface Ledger {
  readonly title: string
  readonly count: number
  readonly rows: ReadonlyMap<string, number> | null
  readonly marks: readonly number[] | null
}

const text = { kind: 'string' } as const
const int = { kind: 'int32' } as const

const types: Types = [
  {
    'ledger.State': {
      form: 'partial',
      fields: [
        { name: 'title', id: 1, type: text },
        { name: 'count', id: 2, type: int },
        { name: 'rows', id: 3, type: { kind: 'map', key: text, value: int } },
        { name: 'marks', id: 4, type: { kind: 'array', elem: int } },
      ],
    },
    'ledger.N': { form: 'flat', fields: [{ name: 'n', type: int }] },
    'ledger.Result': {
      form: 'flat',
      fields: [
        { name: 'result', type: int },
        { name: 'error', type: { kind: 'pointer', elem: text } },
      ],
    },
  },
]
export const LedgerStore: StoreDef<Ledger> = { kind: 'store', name: 'ledger', state: 'ledger.State', types }
export const OtherStore: StoreDef<Ledger> = { ...LedgerStore, name: 'other' }
export const Book: RpcDef<{ readonly n: number }, number> = {
  kind: 'rpc',
  name: 'Book',
  request: 'ledger.N',
  response: 'ledger.Result',
  types,
}
export const Tick: EventDef<{ readonly n: number }> = { kind: 'event', name: 'Tick', packet: 'ledger.N', types }
export const Bell: KeyedEventDef<{ readonly n: number }> = {
  kind: 'keyedEvent',
  store: 'ledger',
  name: 'Bell',
  packet: 'ledger.N',
  types,
}

export function freshLedger(): Ledger {
  return { title: 'first', count: 0, rows: new Map([['a', 1]]), marks: [1, 2, 3] }
}
