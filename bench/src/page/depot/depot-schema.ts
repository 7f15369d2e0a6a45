import type { FieldDef, StoreDef } from '@rivulet/wire'
import type { Depot } from './depot.ts'

/** The depot's state in Rivulet's terms. */
export interface DepotState {
  readonly crates: Depot
}

const float = (name: string, id: number): FieldDef => ({ name, id, type: { kind: 'float32' } })

/** The depot's store. */
export const DepotStore: StoreDef<DepotState> = {
  kind: 'store',
  name: 'Depot',
  state: 'bench.Depot',
  types: [
    {
      'bench.Depot': {
        form: 'partial',
        fields: [
          {
            name: 'crates',
            id: 1,
            mod: true,
            type: {
              kind: 'map',
              key: { kind: 'string' },
              value: { kind: 'struct', ref: 'bench.Crate' },
              notNull: true,
            },
          },
        ],
      },
      'bench.Crate': {
        form: 'partial',
        fields: [
          { name: 'id', id: 1, type: { kind: 'string' } },
          { name: 'name', id: 2, type: { kind: 'string' } },
          { name: 'label', id: 3, type: { kind: 'string' } },
          { name: 'place', id: 4, mod: true, type: { kind: 'struct', ref: 'bench.Place' } },
          { name: 'weight', id: 5, type: { kind: 'uint16' } },
          { name: 'count', id: 6, type: { kind: 'int32' } },
          { name: 'sealed', id: 7, type: { kind: 'bool' } },
        ],
      },
      'bench.Place': { form: 'partial', fields: [float('x', 1), float('y', 2), float('z', 3)] },
    },
  ],
}
