import type { Extras } from './extras.ts'
import { createTap } from './inspect/tap.ts'
import { createListView } from './key-views/create-list-view.ts'
import { startOffline } from './offline/create-offline.ts'
import { createResumption } from './resumption.ts'
import { createStreams } from './streams/streams.ts'

/** Everything that an engine can do, here already: where nothing can, or need, be loaded later. */
export const allExtras: Extras = {
  lists: () => createListView,
  offline: () => startOffline,
  sessions: () => createResumption,
  streams: () => createStreams,
  tap: () => createTap,
}
