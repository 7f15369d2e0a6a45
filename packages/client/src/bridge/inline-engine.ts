import { allExtras } from '../engine/all-extras.ts'
import { createHub } from '../engine/create-hub.ts'
import { serveChannel } from '../engine/tabs/serve-channel.ts'
import { watchLock } from '../watch-lock.ts'
import type { EngineControl } from '../protocol.ts'

/** The engine on this thread. A module of its own, loaded on demand: pages with a worker never download it. */
export function createInlineEngine(): EngineControl {
  return createHub({ extras: allExtras, watchLock, serve: serveChannel }).control()
}
