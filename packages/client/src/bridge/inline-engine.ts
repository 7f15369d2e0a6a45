import { createEngine } from '../engine/create-engine.ts'
import type { EngineControl } from '../protocol.ts'

/** The engine on this thread. A module of its own, loaded on demand: pages with a worker never download it. */
export function createInlineEngine(): EngineControl {
  return createEngine()
}
