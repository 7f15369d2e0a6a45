import type { View } from '../view.ts'
import { sessionView } from './session/session-view.ts'
import { storesView } from './stores/stores-view.ts'

/** The tabs, in order; key 1 is the first. */
export const views: readonly [View, ...View[]] = [
  storesView,
  // wire (views/wire)
  // renders (views/renders)
  // calls (views/calls)
  sessionView,
  // time (views/time)
]
