import type { ReactContestant } from '../table.ts'
import { jotai } from './jotai.tsx'
import { mobx } from './mobx.ts'
import { nanostores } from './nanostores.ts'
import { redux } from './redux.tsx'
import { resub } from './resub.ts'
import { rivulet, rivuletFor, rivuletHooks, rivuletText } from './rivulet.tsx'
import { tanstackStore } from './tanstack-store.ts'
import { useStateFloor } from './use-state.ts'
import { useSyncExternalStoreFloor } from './use-sync-external-store.ts'
import { valtio } from './valtio.ts'
import { zustand } from './zustand.ts'

/** Everybody who takes part, ours first. */
export const contestants: readonly ReactContestant[] = [
  rivulet,
  rivuletHooks,
  rivuletFor,
  rivuletText,
  useStateFloor,
  useSyncExternalStoreFloor,
  resub,
  nanostores,
  jotai,
  mobx,
  valtio,
  zustand,
  redux,
  tanstackStore,
]
