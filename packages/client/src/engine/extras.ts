import type { Extra } from './extra.ts'
import type { createTap } from './inspect/tap.ts'
import type { createListView } from './key-views/create-list-view.ts'
import type { startOffline } from './offline/create-offline.ts'
import type { createResumption } from './resumption.ts'
import type { createStreams } from './streams/streams.ts'

/** Makes the views of lists, or says why there is no such view. */
export type CreateListView = typeof createListView

/** Makes what keeps states for offline use. */
export type StartOffline = typeof startOffline

/** Makes what keeps a viewer session. */
export type CreateResumption = typeof createResumption

/** Makes what devtools listen at. */
export type CreateTap = typeof createTap

/** Makes the data streams. */
export type CreateStreams = typeof createStreams

/**
 * What an engine can do that not every app uses. All of it at once: all-extras.ts; each when it is first wanted: extras-on-demand.ts. The engine itself imports none of it, so that bundlers can take it apart.
 */
export interface Extras {
  readonly lists: Extra<CreateListView>
  readonly offline: Extra<StartOffline>
  readonly sessions: Extra<CreateResumption>
  readonly streams: Extra<CreateStreams>
  readonly tap: Extra<CreateTap>
}
