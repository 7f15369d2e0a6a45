import { type Client, createClient } from '@rivulet/client'
import { DepotStore, WorldStore } from '../../generated/schema.ts'
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

function rivulet(worker: 'auto' | 'inline', name: string, note: string): Viewer {
  return {
    name,
    packageName: '@rivulet/client',
    ours: true,
    note,
    format: 'rivulet',
    async start(url, subject, show) {
      // The whole store is subscribed, so that the engine gets what the others get. By default only ten rows would cross the network.
      const client = createClient({ url, worker, delivery: 'store' })
      if (subject === 'world') followWorld(client, show)
      else followDepot(client, show)
      const mode = await client.mode
      if ((mode === 'inline') !== (worker === 'inline')) throw new Error(`The engine runs ${mode}, not ${worker}.`)
    },
  }
}

/** Rivulet as it comes: the engine in its worker. */
export const rivuletWorker: Viewer = rivulet('auto', 'rivulet, worker', 'default')

/** Rivulet with the engine on the page. */
export const rivuletInline: Viewer = rivulet('inline', 'rivulet, inline', 'no worker')
