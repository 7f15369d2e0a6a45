import type { StoreDef } from '@rivulet/wire'
import type { Entity, World } from './world.ts'

/** The workload's state in Rivulet's terms. */
export interface WorldState {
  readonly entities: World
}

const entityFields: readonly (keyof Entity)[] = ['id', 'name', 'x', 'y', 'hp', 'score', 'alive']
const entityKinds = {
  id: 'string',
  name: 'string',
  x: 'float32',
  y: 'float32',
  hp: 'uint16',
  score: 'int32',
  alive: 'bool',
} as const

/** The workload's store. */
export const WorldStore: StoreDef<WorldState> = {
  kind: 'store',
  name: 'World',
  state: 'bench.World',
  types: [
    {
      'bench.World': {
        form: 'partial',
        fields: [
          {
            name: 'entities',
            id: 1,
            mod: true,
            type: {
              kind: 'map',
              key: { kind: 'string' },
              value: { kind: 'struct', ref: 'bench.Entity' },
              notNull: true,
            },
          },
        ],
      },
      'bench.Entity': {
        form: 'partial',
        fields: entityFields.map((name, i) => ({ name, id: i + 1, type: { kind: entityKinds[name] } })),
      },
    },
  ],
}
