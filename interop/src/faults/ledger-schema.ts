import type { RpcDef, StoreDef, Types } from '@rivulet/wire'

/** Two numbers whose sum is always 0. */
interface Row {
  readonly left: number
  readonly right: number
  readonly note: string
}

/** A state full of invariants, so that a page that mixes two moments shows (see {@link tornPlaces}). */
export interface LedgerState {
  /** Which life of the host this is: it grows with every restart. */
  readonly epoch: number
  readonly tick: number
  /** Always equal to `tick`. */
  readonly mirror: number
  /** The sum of all `left`. */
  readonly total: number
  readonly rows: ReadonlyMap<string, Row>
  /** How often each call ran, by the id that its caller gave it. */
  readonly credits: ReadonlyMap<string, number>
}

const text = { kind: 'string' } as const
const int = { kind: 'int32' } as const

const types: Types = [
  {
    'ledger.Row': {
      form: 'partial',
      fields: [
        { name: 'left', id: 1, type: int },
        { name: 'right', id: 2, type: int },
        { name: 'note', id: 3, type: text },
      ],
    },
    'ledger.State': {
      form: 'partial',
      fields: [
        { name: 'epoch', id: 1, type: int },
        { name: 'tick', id: 2, type: int },
        { name: 'mirror', id: 3, type: int },
        { name: 'total', id: 4, type: int },
        {
          name: 'rows',
          id: 5,
          type: { kind: 'map', key: text, value: { kind: 'struct', ref: 'ledger.Row' } },
          mod: true,
        },
        { name: 'credits', id: 6, type: { kind: 'map', key: text, value: int } },
      ],
    },
    'ledger.CreditRequest': { form: 'flat', fields: [{ name: 'id', type: text }] },
    'ledger.CreditResponse': {
      form: 'flat',
      fields: [
        { name: 'result', type: int },
        { name: 'error', type: { kind: 'pointer', elem: text } },
      ],
    },
  },
]

/** The store that all fault tests follow. */
export const LedgerStore: StoreDef<LedgerState> = { kind: 'store', name: 'LedgerStore', state: 'ledger.State', types }

/** Runs once and says how often calls of this id have run. */
export const Credit: RpcDef<{ readonly id: string }, number> = {
  kind: 'rpc',
  name: 'Credit',
  request: 'ledger.CreditRequest',
  response: 'ledger.CreditResponse',
  types,
}

/** Where a state contradicts itself; nothing when it is one that the host really had. */
export function tornPlaces({ tick, mirror, total, rows }: LedgerState): string[] {
  const torn: string[] = []
  if (tick !== mirror) torn.push(`tick ${tick}, mirror ${mirror}`)
  let sum = 0
  for (const [key, { left, right }] of rows) {
    sum += left
    if (left + right !== 0) torn.push(`row ${key}: ${left} and ${right}`)
  }
  if (sum !== total) torn.push(`total ${total}, rows have ${sum}`)
  return torn
}
