import type { StoreDef } from '@rivulet/wire'
import type { RowState } from '../table.ts'

/** The table's state in Rivulet's terms. */
export interface RowsState {
  readonly rows: ReadonlyMap<string, RowState>
}

/** The table's store. */
export const RowsStore: StoreDef<RowsState> = {
  kind: 'store',
  name: 'Rows',
  state: 'bench.Rows',
  types: [
    {
      'bench.Rows': {
        form: 'partial',
        fields: [
          {
            name: 'rows',
            id: 1,
            mod: true,
            type: { kind: 'map', key: { kind: 'string' }, value: { kind: 'struct', ref: 'bench.Row' }, notNull: true },
          },
        ],
      },
      'bench.Row': {
        form: 'partial',
        fields: [
          { name: 'id', id: 1, type: { kind: 'string' } },
          { name: 'name', id: 2, type: { kind: 'string' } },
          { name: 'value', id: 3, type: { kind: 'int32' } },
        ],
      },
    },
  ],
}
