import type { Viewer } from '../viewer.ts'
import { rivuletLeader, rivuletShared } from './rivulet.ts'

/** Those that make a difference only where several tabs are open. */
export const sharing: readonly Viewer[] = [rivuletShared, rivuletLeader]
