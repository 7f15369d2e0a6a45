import { observationOf, type Client, type Origin } from '@rivulet/client'

/** What a hook keeps for tools in the memory of a component instance. */
export interface OriginMemory {
  /** Counted; see {@link countMemory}. */
  readonly serial: number
  origin?: Origin
  /** React renders this instance twice each time, to find what is not pure. */
  doubled?: boolean
  /** The first of two such renders has just been. */
  half?: boolean
}

let memories = 0

/** Numbers the memories of hooks: React's strict mode makes each twice, and keeps the first. */
export function countMemory(): number {
  return ++memories
}

/**
 * Tells tools that a hook runs, which is that its component renders, and who it is: the component on the stack. Once for two renders of strict mode. Nothing but a comparison, unless the client was made with the option
 * `devtools`. Call it right after the memory has been made.
 */
export function useOrigin(client: Client, memory: OriginMemory, hook: string): void {
  const observation = observationOf(client)
  if (observation === undefined) return
  if (memory.origin === undefined) {
    // Our own components are on the stack themselves, with nobody of the app.
    const who = hook.startsWith('use') ? { trace: new Error('rendered') } : { name: hook }
    memory.origin = { hook, ...who, runs: 0, cause: 0 }
    memory.doubled = memories !== memory.serial
  }
  const { origin } = memory
  if (memory.half === true) {
    memory.half = false
    return
  }
  if (memory.doubled === true) {
    memory.half = true
    // Not every one has a second: what is thrown has none.
    queueMicrotask(() => (memory.half = false))
  }
  origin.runs++
  const { cause } = origin
  origin.cause = 0
  observation.watch?.ran(origin, cause === 0 ? undefined : cause)
}
