import type { EventDef } from '@rivulet/wire'
import { type Ask, types } from '../generated/schema.ts'

/** An event between the updates. */
export const Moved: EventDef<Ask> = { kind: 'event', name: 'Moved', packet: 'bench.Ask', types }
