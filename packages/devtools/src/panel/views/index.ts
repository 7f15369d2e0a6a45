import type { LateParts } from '../late-parts.ts'
import { lateView } from '../late-view.ts'
import type { View } from '../view.ts'
import { createStoresView } from './stores/stores-view.ts'

/** The tabs, in order; key 1 is the first. Only that is there when the panel opens. */
export function createViews(late: LateParts): readonly [View, ...View[]] {
  return [
    createStoresView(late),
    lateView('wire', 'Wire', late.wire),
    lateView('renders', 'Renders', late.renders),
    lateView('calls', 'RPC & events', late.calls),
    lateView('session', 'Session', late.session),
    lateView('time', 'Time travel', late.time),
  ]
}
