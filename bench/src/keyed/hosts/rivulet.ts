import { createHost, createStore } from '@rivulet/server'
import { formatKey } from '@rivulet/wire'
import { makeWorld } from '../../decode/world.ts'
import { WorldStore } from '../../generated/schema.ts'
import { openSocketIo } from '../../hosts/wires/socket-io-wire.ts'
import type { KeyedHost, KeyedViewer } from '../contestants.ts'
import { countMessages } from '../count-messages.ts'
import { type Setting, xsAt } from '../setting.ts'

/** Rivulet's host as it comes. */
export async function start(setting: Setting): Promise<KeyedHost> {
  const world = createStore(WorldStore, { entities: makeWorld(setting.rows) })
  const host = createHost({ port: 0, hostname: '127.0.0.1', stores: [world], logger: null })
  return {
    port: await host.listening,
    tick(tick) {
      world.update(({ entities }) => {
        for (const { id, x } of xsAt(setting, tick)) {
          const row = entities.get(id)
          if (row === undefined) throw new Error(`The world has no entity ${id}.`)
          row.x = x
        }
      })
    },
  }
}

/** Subscribes the keys of the fields, or, without ids, the whole store; resolves once all of it is there. */
export async function join(port: number, ids: readonly string[] | null): Promise<KeyedViewer> {
  const counter = countMessages()
  const baseline = countMessages()
  let baselines = ids?.length ?? 1
  const wire = await openSocketIo(port, '/socket', {}, () => {
    if (baselines > 0) {
      baselines--
      baseline.heard()
    } else counter.heard()
  })
  const keys = ids === null ? [''] : ids.map((id) => formatKey(WorldStore, ['entities', id, 'x']))
  for (const key of keys) wire.emit('storesub', { storeName: WorldStore.name, action: 0, key })
  await baseline.reach(keys.length)
  return { reach: counter.reach, close: () => wire.drop() }
}
