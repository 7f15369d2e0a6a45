import { lateView } from '../late-view.ts'
import type { View } from '../view.ts'
import { storesView } from './stores/stores-view.ts'

/** The tabs, in order; key 1 is the first. Only that is there when the panel opens. */
export const views: readonly [View, ...View[]] = [
  storesView,
  lateView('wire', 'Wire', async () => (await import('./wire/index.ts')).wireView),
  lateView('renders', 'Renders', async () => (await import('./renders/index.ts')).rendersView),
  lateView('calls', 'RPC & events', async () => (await import('./calls/index.ts')).callsView),
  lateView('session', 'Session', async () => (await import('./session/session-view.ts')).sessionView),
  lateView('time', 'Time travel', async () => (await import('./time/index.ts')).timeView),
]
