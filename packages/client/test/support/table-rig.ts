import type { StoreDef, Types } from '@rivulet/wire'
import { createWatchEntry, markPart, markWhole, type WatchEntry } from '../../src/engine/watch-entry.ts'
import { buildPatch } from '../../src/engine/patch-builder.ts'
import { putRows, putTable } from '../../src/page/fill-slot.ts'
import { readSlot } from '../../src/page/read-slot.ts'
import { createSlot, type ValueSlot } from '../../src/page/value-slot.ts'
import type { RowsBlock, TableBlock } from '../../src/row-block.ts'
import { readPatch } from '../../src/read-patch.ts'

interface Place {
  readonly x: number
  readonly y: number
}

export interface Crate {
  readonly name: string
  readonly weight: number
  readonly place: Place
}

export const types: Types = [
  {
    'table.Place': {
      form: 'partial',
      fields: [
        { name: 'x', id: 1, type: { kind: 'float64' } },
        { name: 'y', id: 2, type: { kind: 'float64' } },
      ],
    },
    'table.Crate': {
      form: 'partial',
      fields: [
        { name: 'name', id: 1, type: { kind: 'string' } },
        { name: 'weight', id: 2, type: { kind: 'int32' } },
        { name: 'place', id: 3, type: { kind: 'struct', ref: 'table.Place' }, mod: true },
      ],
    },
    'table.Depot': {
      form: 'partial',
      fields: [
        {
          name: 'crates',
          id: 1,
          type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'table.Crate' } },
          mod: true,
        },
        {
          name: 'byNumber',
          id: 2,
          type: {
            kind: 'map',
            key: { kind: 'int32' },
            value: { kind: 'pointer', elem: { kind: 'struct', ref: 'table.Crate' } },
          },
          mod: true,
        },
      ],
    },
  },
]

export interface Depot {
  readonly crates: ReadonlyMap<string, Crate> | null
  readonly byNumber: ReadonlyMap<number, Crate | null> | null
}

export const DepotStore: StoreDef<Depot> = { kind: 'store', name: 'Depot', state: 'table.Depot', types }

export function crate(n: number): Crate {
  return { name: `crate ${n}`, weight: n, place: { x: n, y: n + 1 } }
}

/** What of a patch came to the page. */
interface Sent {
  readonly bytes: number
  readonly table?: TableBlock
  readonly rows?: RowsBlock
  /** The page is to read now. */
  readonly full?: boolean
}

/** A map of structs from the engine's state to the page's value, with the patch as the only way between them. */
export interface TableRig<K extends string | number, V> {
  /** The engine's state: change it in place and say what changed. */
  readonly state: Map<K, V>
  readonly entry: WatchEntry
  readonly slot: ValueSlot
  changed(key: K, ...below: string[]): void
  replaced(): void
  /** Sends what has changed. */
  patch(): Sent
  read(): ReadonlyMap<K, V>
}

export function tableRig<K extends string | number, V>(field: 'crates' | 'byNumber', state: Map<K, V>): TableRig<K, V> {
  const entry = createWatchEntry(1, [field], { news: new Set(), absent: new Set() })
  entry.known = true
  markWhole(entry)
  const slot = createSlot()
  const node = (types[0]?.['table.Depot']?.fields ?? []).find(({ name }) => name === field)?.type
  if (node === undefined) throw new Error(`there is no field ${field}`)
  return {
    state,
    entry,
    slot,
    changed: (key, ...below) => markPart(entry, [field, key, ...below], 1, 2 + below.length),
    replaced: () => markWhole(entry),
    patch() {
      const source = {
        def: DepotStore,
        state: { [field]: state },
        news: new Set([entry]),
        absent: new Set<WatchEntry>(),
      }
      const built = buildPatch([source])
      const sent: { bytes: number; table?: TableBlock; rows?: RowsBlock; full?: boolean } = {
        bytes: built?.byteLength ?? 0,
      }
      if (built === null) return sent
      const unexpected = (): never => {
        throw new Error('a record of another kind')
      }
      readPatch(structuredClone(built, { transfer: [built] }), {
        status: unexpected,
        value: unexpected,
        missing: unexpected,
        changes: unexpected,
        keys: () => {
          throw new Error('no keys here')
        },
        rowsChange: () => {
          throw new Error('no rows here')
        },
        table: (_, block) => {
          sent.table = block
          putTable(slot, block)
        },
        rows: (_, block) => {
          sent.rows = block
          sent.full = putRows(slot, block)
        },
      })
      return sent
    },
    read: () => readSlot(slot, types, node) as ReadonlyMap<K, V>,
  }
}
