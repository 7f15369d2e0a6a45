import type { LiveName } from '../contestant.ts'
import type { OpenLive } from '../live-model.ts'
import { openColyseus } from './colyseus.ts'
import { openJson } from './json.ts'
import { openNaiveWorker } from './naive-worker.ts'
import { openRivulet, openRivuletLeader, openRivuletSession, openRivuletShared } from './rivulet.tsx'

/** What each does on the page. */
export const openLive: Readonly<Record<LiveName, OpenLive>> = {
  rivulet: openRivulet,
  'rivulet, session': openRivuletSession,
  'rivulet, shared worker': openRivuletShared,
  'rivulet, leader': openRivuletLeader,
  colyseus: openColyseus,
  'naive worker and zustand': openNaiveWorker,
  'socket.io, JSON and zustand': openJson,
}
