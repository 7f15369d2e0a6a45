import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import { WorldStore } from '../../decode/world-schema.ts'
import { DepotStore } from '../depot/depot-schema.ts'
import { type Show, type Viewer, watched } from '../viewer.ts'

function followWorld(client: Client, show: Show): void {
  const store = client.store(WorldStore)
  watched.forEach((id, row) => {
    const path = ['entities', id, 'x'] as const
    store.subscribe(path, () => {
      const x = store.get(path)
      if (x !== undefined && store.loaded(path)) show(row, x)
    })
  })
}

function followDepot(client: Client, show: Show): void {
  const store = client.store(DepotStore)
  watched.forEach((id, row) => {
    const path = ['crates', id, 'place', 'x'] as const
    store.subscribe(path, () => {
      const x = store.get(path)
      if (x !== undefined && store.loaded(path)) show(row, x)
    })
  })
}

function rivulet(
  options: Pick<ClientOptions, 'worker' | 'tabs'>,
  modes: readonly string[],
  name: string,
  note: string,
): Viewer {
  return {
    name,
    packageName: '@rivulet/client',
    ours: true,
    note,
    format: 'rivulet',
    async start(url, subject, show) {
      // The whole store is subscribed, so that the engine gets what the others get. By default only ten rows would cross the network.
      const client = createClient({ ...options, url, delivery: 'store' })
      if (subject === 'world') followWorld(client, show)
      else followDepot(client, show)
      const mode = await client.mode
      if (!modes.includes(mode)) throw new Error(`The engine runs in mode ${mode}, not ${modes.join(' or ')}.`)
    },
  }
}

/** Rivulet as it comes: the engine in its worker. */
export const rivuletWorker: Viewer = rivulet({}, ['worker'], 'rivulet, worker', 'default')

/** Rivulet with the engine on the page. */
export const rivuletInline: Viewer = rivulet({ worker: 'inline' }, ['inline'], 'rivulet, inline', 'no worker')

/** Rivulet in one SharedWorker for all tabs. */
export const rivuletShared: Viewer = rivulet({ tabs: 'shared' }, ['shared-worker'], 'rivulet, shared', "tabs: 'shared'")

/** Rivulet in the worker of one tab, for all of them. */
export const rivuletLeader: Viewer = rivulet(
  { tabs: 'leader' },
  ['leader', 'follower'],
  'rivulet, leader',
  "tabs: 'leader'",
)
