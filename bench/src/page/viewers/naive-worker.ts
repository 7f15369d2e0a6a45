import type { Entity } from '../../decode/world.ts'
import type { DepotStoreState, WorldStoreState } from '../../generated/schema.ts'
import { type Show, type Viewer, watched } from '../viewer.ts'
import type { Follow, Posted } from './naive.worker.ts'

function world(show: Show): (posted: Posted) => void {
  const rows = new Map(watched.map((id, row) => [id, row]))
  let entities = new Map<string, Entity>()
  const changed = (id: string): void => {
    const row = rows.get(id)
    const x = entities.get(id)?.x
    if (row !== undefined && x !== undefined) show(row, x)
  }
  return (posted) => {
    if ('state' in posted) entities = new Map((posted.state as WorldStoreState).entities)
    else {
      for (const { path, value } of posted.changes) {
        const [, id, field] = path
        const entity = entities.get(String(id))
        if (entity !== undefined) entities.set(String(id), { ...entity, [String(field)]: value })
      }
    }
    watched.forEach(changed)
  }
}

function depot(show: Show): (posted: Posted) => void {
  return (posted) => {
    if (!('state' in posted)) return
    const { crates } = posted.state as DepotStoreState
    watched.forEach((id, row) => {
      const crate = crates.get(id)
      if (crate !== undefined) show(row, crate.place.x)
    })
  }
}

/** The obvious worker: decodes, and posts what changed as objects. The page keeps a copy of the state. */
export const naiveWorker: Viewer = {
  name: 'naive worker',
  packageName: '@rivulet/wire',
  ours: false,
  note: 'same decoder, posts {path, value} objects',
  format: 'rivulet',
  start(url, subject, show) {
    const take = subject === 'world' ? world(show) : depot(show)
    const worker = new Worker(new URL('naive.worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<Posted>) => take(data))
    worker.postMessage({ url, subject } satisfies Follow)
  },
}
