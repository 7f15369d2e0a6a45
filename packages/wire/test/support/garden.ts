import type { StoreDef, StructTable, TypeNode } from '../../src/index.ts'

const bed: TypeNode = { kind: 'struct', ref: 'garden.Bed' }

/** A small store with every kind of field that a delta treats in its own way, for tests written by hand. */
const table: StructTable = {
  'garden.Garden': {
    form: 'partial',
    fields: [
      { name: 'name', id: 1, type: { kind: 'string' } },
      { name: 'urlPath', wire: 'URLPath', id: 2, type: { kind: 'string' } },
      { name: 'main', id: 3, type: bed, mod: true },
      { name: 'spare', id: 4, type: { kind: 'pointer', elem: bed }, mod: true },
      { name: 'beds', id: 5, type: { kind: 'map', key: { kind: 'string' }, value: bed }, mod: true },
      { name: 'rows', id: 6, type: { kind: 'array', elem: bed }, mod: true },
      { name: 'nums', id: 7, type: { kind: 'array', elem: { kind: 'int32' } } },
      { name: 'raw', id: 8, type: { kind: 'bytes' } },
      { name: 'tags', id: 9, type: { kind: 'set', key: { kind: 'string' } } },
      {
        name: 'byId',
        wire: 'ByID',
        id: 10,
        type: { kind: 'map', key: { kind: 'uint64', as: 'bigint' }, value: { kind: 'string' } },
      },
      { name: 'my_F', wire: 'My_F', id: 11, type: { kind: 'bool' } },
      { name: 'list', id: 12, type: { kind: 'pointer', elem: { kind: 'array', elem: { kind: 'int32' } } } },
      { name: 'sign', id: 13, type: { kind: 'struct', ref: 'garden.Sign' } },
      { name: 'small', id: 14, type: { kind: 'map', key: { kind: 'int8' }, value: { kind: 'bool' } } },
      { name: 'flags', id: 15, type: { kind: 'map', key: { kind: 'bool' }, value: { kind: 'string' } } },
    ],
  },
  'garden.Bed': {
    form: 'partial',
    fields: [
      { name: 'kind', id: 1, type: { kind: 'string' } },
      { name: 'count', id: 2, type: { kind: 'uint32' } },
      { name: 'x', id: 3, type: { kind: 'float64' } },
      { name: 'y', id: 4, type: { kind: 'float32' } },
    ],
  },
  'garden.Sign': {
    form: 'flat',
    fields: [
      { name: 'title', type: { kind: 'string' } },
      { name: 'wide', type: { kind: 'bool' } },
    ],
  },
}

export interface Bed {
  readonly kind: string
  readonly count: number
  readonly x: number
  readonly y: number
}

export interface Garden {
  readonly name: string
  readonly urlPath: string
  readonly main: Bed
  readonly spare: Bed | null
  readonly beds: ReadonlyMap<string, Bed> | null
  readonly rows: readonly Bed[] | null
  readonly nums: readonly number[] | null
  readonly raw: Uint8Array | null
  readonly tags: ReadonlySet<string> | null
  readonly byId: ReadonlyMap<bigint, string> | null
  readonly my_F: boolean
  readonly list: { readonly value: readonly number[] | null } | null
  readonly sign: { readonly title: string; readonly wide: boolean }
  readonly small: ReadonlyMap<number, boolean> | null
  readonly flags: ReadonlyMap<boolean, string> | null
}

export const GardenStore: StoreDef<Garden> = { kind: 'store', name: 'Garden', state: 'garden.Garden', types: [table] }

export function bedOf(part: Partial<Bed> = {}): Bed {
  return { kind: '', count: 0, x: 0, y: 0, ...part }
}

export function gardenOf(part: Partial<Garden> = {}): Garden {
  return {
    name: '',
    urlPath: '',
    main: bedOf(),
    spare: null,
    beds: null,
    rows: null,
    nums: null,
    raw: null,
    tags: null,
    byId: null,
    my_F: false,
    list: null,
    sign: { title: '', wide: false },
    small: null,
    flags: null,
    ...part,
  }
}
