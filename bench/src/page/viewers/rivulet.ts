import { type Client, type ClientOptions, createClient } from '@rivulet/client'
import { DepotStore, WorldStore } from '../../generated/schema.ts'
import type { Subject } from '../formats.ts'
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

/** Follows a whole map and reads ten rows of it, as the others do, who have all of it on the page. */
function followMaps(client: Client, subject: Subject, show: Show): void {
  if (subject === 'world') {
    const store = client.store(WorldStore)
    store.subscribe('entities', () => {
      const entities = store.get('entities')
      watched.forEach((id, row) => {
        const entity = entities.get(id)
        if (entity !== undefined) show(row, entity.x)
      })
    })
    return
  }
  const store = client.store(DepotStore)
  store.subscribe('crates', () => {
    const crates = store.get('crates')
    watched.forEach((id, row) => {
      const crate = crates.get(id)
      if (crate !== undefined) show(row, crate.place.x)
    })
  })
}

type Follow = (client: Client, subject: Subject, show: Show) => void

const followRows: Follow = (client, subject, show) =>
  subject === 'world' ? followWorld(client, show) : followDepot(client, show)

function rivulet(
  follow: Follow,
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
      follow(client, subject, show)
      const mode = await client.mode
      if (!modes.includes(mode)) throw new Error(`The engine runs in mode ${mode}, not ${modes.join(' or ')}.`)
    },
  }
}

/** Rivulet as it comes: the engine in its worker. */
export const rivuletWorker: Viewer = rivulet(followRows, {}, ['worker'], 'rivulet, worker', 'default')

/** Rivulet with the engine on the page. */
export const rivuletInline: Viewer = rivulet(
  followRows,
  { worker: 'inline' },
  ['inline'],
  'rivulet, inline',
  'no worker',
)

/** Rivulet in one SharedWorker for all tabs. */
export const rivuletShared: Viewer = rivulet(
  followRows,
  { tabs: 'shared' },
  ['shared-worker'],
  'rivulet, shared',
  "tabs: 'shared'",
)

/** Rivulet in the worker of one tab, for all of them. */
export const rivuletLeader: Viewer = rivulet(
  followRows,
  { tabs: 'leader' },
  ['leader', 'follower'],
  'rivulet, leader',
  "tabs: 'leader'",
)

/** Rivulet with the whole map followed. */
export const rivuletMaps: Viewer = rivulet(
  followMaps,
  {},
  ['worker'],
  'rivulet, whole map',
  'the whole map followed, ten rows read',
)
