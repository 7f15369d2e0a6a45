import { createHost, createStore } from '@rivulet/server'
import { WorldStore } from '../../generated/schema.ts'
import type { StartFanoutHost } from '../fanout-host.ts'
import { updatesOf, worldOf } from '../setting.ts'

/** The whole of Rivulet: the change is recorded, checked, encoded, applied, filtered for each viewer's keys and sent. */
export const startRivulet: StartFanoutHost = async (setting) => {
  const world = createStore(WorldStore, { entities: worldOf(setting) })
  const host = createHost({ port: 0, hostname: '127.0.0.1', stores: [world] })
  const updates = updatesOf(setting)
  return {
    port: await host.listening,
    update(variant) {
      world.update(({ entities }) => {
        for (const { id, x, y } of updates[variant] ?? []) {
          const row = entities.get(id)
          if (row === undefined) throw new Error(`The world has no entity ${id}.`)
          row.x = x
          row.y = y
        }
      })
    },
  }
}
