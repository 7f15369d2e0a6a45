import type { Viewer } from '../viewer.ts'
import { colyseusPage } from './colyseus-page.ts'
import { bareWorker, emptyFrames, emptyPage } from './floors.ts'
import { naiveWorker } from './naive-worker.ts'
import { rivuletInline, rivuletMaps, rivuletWorker } from './rivulet.ts'

/** Everybody who takes part, ours first. */
export const viewers: readonly Viewer[] = [
  rivuletWorker,
  rivuletMaps,
  rivuletInline,
  naiveWorker,
  colyseusPage,
  bareWorker,
  emptyFrames,
  emptyPage,
]
