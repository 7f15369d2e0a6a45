import type { Viewer } from '../viewer.ts'
import { colyseusPage } from './colyseus-page.ts'
import { emptyFrames, emptyPage } from './floors.ts'
import { naiveWorker } from './naive-worker.ts'
import { rivuletInline, rivuletWorker } from './rivulet.ts'

/** Everybody who takes part, ours first. */
export const viewers: readonly Viewer[] = [
  rivuletWorker,
  rivuletInline,
  naiveWorker,
  colyseusPage,
  emptyFrames,
  emptyPage,
]
