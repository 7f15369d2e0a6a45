import type { View } from './view.ts'
import type { createLastChange } from './views/stores/last-change.ts'
import type { createValueEditor } from './views/stores/value-editor.ts'

/** What of the panel is loaded when it is first wanted, each by what loads it. */
export interface LateParts {
  readonly wire: () => Promise<View>
  readonly renders: () => Promise<View>
  readonly calls: () => Promise<View>
  readonly session: () => Promise<View>
  readonly time: () => Promise<View>
  readonly valueEditor: () => Promise<typeof createValueEditor>
  readonly lastChange: () => Promise<typeof createLastChange>
}

/**
 * All of it, named in one module that the entries reach without loading anything, and handed to the panel: a bundler that drops this module from a production build drops the files with it. Of files that are named only in
 * files that are loaded later themselves, some keep what nothing leads to.
 */
export const lateParts: LateParts = {
  wire: async () => (await import('./views/wire/index.ts')).wireView,
  renders: async () => (await import('./views/renders/index.ts')).rendersView,
  calls: async () => (await import('./views/calls/index.ts')).callsView,
  session: async () => (await import('./views/session/session-view.ts')).sessionView,
  time: async () => (await import('./views/time/index.ts')).createTimeView(() => import('./views/time/files.ts')),
  valueEditor: async () => (await import('./views/stores/value-editor.ts')).createValueEditor,
  lastChange: async () => (await import('./views/stores/last-change.ts')).createLastChange,
}
