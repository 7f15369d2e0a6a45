import type { WorldStoreState } from '../../generated/schema.ts'
import type { Follow, Posted } from '../../page/viewers/naive.worker.ts'
import type { OpenLive, Position } from '../live-model.ts'
import { createRecords } from './records.ts'

/** "Put it into a worker" without a plan: decoded there, posted as objects, kept in zustand. */
export const openNaiveWorker: OpenLive = (url) => {
  const useRecords = createRecords()
  const worker = new Worker(new URL('../../page/viewers/naive.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Posted>) => {
    if ('state' in data) {
      useRecords.setState({ entities: Object.fromEntries((data.state as WorldStoreState).entities) })
      return
    }
    useRecords.setState(({ entities }) => {
      const after: Record<string, Position> = { ...entities }
      for (const { path, value } of data.changes) {
        const [, id, field] = path
        const entity = after[String(id)]
        if (entity !== undefined) after[String(id)] = { ...entity, [String(field)]: value }
      }
      return { entities: after }
    })
  })
  worker.postMessage({ url, subject: 'world' } satisfies Follow)
  return {
    useEntity: (id) => useRecords(({ entities }) => entities[id]),
    close: () => worker.terminate(),
  }
}
