import type { Codec } from './codec.ts'
import type { Entity, World } from './world.ts'

const fields = ['id', 'name', 'x', 'y', 'hp', 'score', 'alive'] as const satisfies readonly (keyof Entity)[]

/** Throws unless `state` holds exactly `world`: figures of a contestant that decodes something else mean nothing. */
export function checkWorld(codec: Codec, state: unknown, world: World): void {
  const count = codec.count(state)
  if (count !== world.size) throw new Error(`${codec.name} decoded ${count} entities instead of ${world.size}.`)
  for (const [id, expected] of world) {
    const actual = codec.entity(state, id)
    const wrong = fields.find((field) => actual?.[field] !== expected[field])
    if (wrong !== undefined) {
      throw new Error(`${codec.name} decoded ${id}.${wrong} as ${String(actual?.[wrong])}, not ${expected[wrong]}.`)
    }
  }
}
