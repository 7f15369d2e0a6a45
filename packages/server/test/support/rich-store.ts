import type { Draft } from '../../src/index.ts'
import type { Box, DynamicValue, FieldDef, StoreDef, TypeNode, Types } from '@rivulet/wire'

/** A struct that deltas change in place, and that can hold itself. */
export interface Row {
  readonly name: string
  readonly n: number
  readonly tags: ReadonlyMap<string, string> | null
  readonly inner: readonly number[] | null
  readonly child: Row | null
}

/** One field of every kind that a store can have. */
export interface RichState {
  readonly flag: boolean
  readonly count: number
  readonly big: bigint
  readonly ratio: number
  readonly title: string
  readonly at: Date
  readonly blob: Uint8Array | null
  readonly extra: DynamicValue | null
  readonly tags: ReadonlyMap<string, string> | null
  readonly rows: ReadonlyMap<string, Row> | null
  readonly byId: ReadonlyMap<number, Row | null> | null
  readonly list: readonly number[] | null
  readonly grid: readonly (readonly string[] | null)[] | null
  readonly queue: readonly Row[] | null
  readonly pointed: Row | null
  readonly opt: number | null
  readonly boxed: Box<readonly number[] | null> | null
  readonly labels: ReadonlySet<string> | null
  readonly still: Row
  readonly row: Row
}

const row: TypeNode = { kind: 'struct', ref: 'rich.Row' }
const text: TypeNode = { kind: 'string' }
const int: TypeNode = { kind: 'int32' }
const list = (elem: TypeNode): TypeNode => ({ kind: 'array', elem })

function numbered(fields: readonly Omit<FieldDef, 'id'>[]): FieldDef[] {
  return fields.map((field, index) => ({ ...field, id: index + 1 }))
}

const types: Types = [
  {
    'rich.Row': {
      form: 'partial',
      fields: numbered([
        { name: 'name', type: text },
        { name: 'n', type: { kind: 'float64' } },
        { name: 'tags', type: { kind: 'map', key: { kind: 'string' }, value: text } },
        { name: 'inner', type: list(int) },
        { name: 'child', type: { kind: 'pointer', elem: row }, mod: true },
      ]),
    },
    'rich.RichState': {
      form: 'partial',
      fields: numbered([
        { name: 'flag', type: { kind: 'bool' } },
        { name: 'count', type: int },
        { name: 'big', type: { kind: 'int64', as: 'bigint' } },
        { name: 'ratio', type: { kind: 'float32' } },
        { name: 'title', type: text },
        { name: 'at', type: { kind: 'time' } },
        { name: 'blob', type: { kind: 'bytes' } },
        { name: 'extra', type: { kind: 'any' } },
        { name: 'tags', type: { kind: 'map', key: { kind: 'string' }, value: text } },
        { name: 'rows', type: { kind: 'map', key: { kind: 'string' }, value: row }, mod: true },
        {
          name: 'byId',
          type: { kind: 'map', key: { kind: 'uint32' }, value: { kind: 'pointer', elem: row } },
          mod: true,
        },
        { name: 'list', type: list(int) },
        { name: 'grid', type: list(list(text)) },
        { name: 'queue', type: list(row), mod: true },
        { name: 'pointed', type: { kind: 'pointer', elem: row }, mod: true },
        { name: 'opt', type: { kind: 'pointer', elem: { kind: 'uint32' } } },
        { name: 'boxed', type: { kind: 'pointer', elem: list(int) } },
        { name: 'labels', type: { kind: 'set', key: { kind: 'string' } } },
        { name: 'still', type: row },
        { name: 'row', type: row, mod: true },
      ]),
    },
  },
]

/** A store with one field of every kind. */
export const RichStore: StoreDef<RichState> = {
  kind: 'store',
  name: 'RichStore',
  state: 'rich.RichState',
  types,
}

/** A row with something in every field. */
export function someRow(name = 'a', n = 1): Draft<Row> {
  return { name, n, tags: new Map([['k', 'v']]), inner: [1, 2, 3], child: null }
}

/** A state with something in every field; always fresh. */
export function someRichState(): RichState {
  return {
    flag: true,
    count: 7,
    big: 9_007_199_254_740_993n,
    ratio: 0.5,
    title: 'title',
    at: new Date(1_700_000_000_000),
    blob: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
    extra: { type: { kind: 'float64' }, value: 12.5 },
    tags: new Map([
      ['x', '1'],
      ['y', '2'],
    ]),
    rows: new Map([
      ['a', someRow('a', 1)],
      ['b', someRow('b', 2)],
      ['c', { ...someRow('c', 3), child: someRow('cc', 33) }],
    ]),
    byId: new Map<number, Row | null>([
      [1, someRow('one')],
      [2, null],
    ]),
    list: [1, 2, 3, 4],
    grid: [['', 'X'], ['O', ''], null],
    queue: [someRow('q0'), someRow('q1')],
    pointed: someRow('p'),
    opt: 5,
    boxed: { value: [1, 2] },
    labels: new Set(['red', 'green']),
    still: someRow('still'),
    row: someRow('row'),
  }
}
