import { observationOf, type Client, type Origin } from '@rivulet/client'

/** What a hook keeps for tools in the memory of a component instance. */
export interface OriginMemory {
  /** Counted; see {@link countMemory}. */
  readonly serial: number
  origin?: Origin
}

let memories = 0

/** Numbers the memories of hooks: React's strict mode makes each twice, and keeps the first. */
export function countMemory(): number {
  return ++memories
}

/**
 * Tells tools that a hook runs, which is that its component renders, and who it is: the component on the stack. Nothing but a comparison, unless the client was made with the option `devtools`. Call it right after the
 * memory has been made.
 */
export function useOrigin(client: Client, memory: OriginMemory, hook: string): void {
  const observation = observationOf(client)
  if (!observation) return
  const origin = (memory.origin ??= { hook, trace: new Error(), runs: 0, doubled: memories !== memory.serial })
  if (observation.hooks) observation.hooks.ran(origin)
  else origin.runs++
}
