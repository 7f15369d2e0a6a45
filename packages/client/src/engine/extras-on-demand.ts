import { onDemand } from './extra.ts'
import type { Extras } from './extras.ts'

/** Everything that an engine can do, each in a chunk of its own that is loaded when it is first wanted. */
export function extrasOnDemand(): Extras {
  return {
    lists: onDemand('lists', async () => (await import('./key-views/create-list-view.ts')).createListView),
    offline: onDemand('keepOffline', async () => (await import('./offline/create-offline.ts')).startOffline),
    sessions: onDemand('sessions', async () => (await import('./resumption.ts')).createResumption),
    tap: onDemand('devtools', async () => (await import('./inspect/tap.ts')).createTap),
    streams: onDemand('data streams', async () => (await import('./streams/streams.ts')).createStreams),
  }
}
