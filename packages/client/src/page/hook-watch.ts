import type { HookWatch, Observation, Origin } from './observation.ts'

interface Told {
  /** What the hook answered when its listener was called last. */
  answer: unknown
  /** The patch that told it to run, until it does; 0 = none. */
  cause: number
  /** The first of the two renders of strict mode has just been. */
  half: boolean
}

/** Works out why hooks run: because a patch changed what they answer, or because of something else. */
export function createHookWatch(observation: Observation): HookWatch {
  const known = new WeakMap<Origin, Told>()

  const toldOf = (origin: Origin): Told => {
    const found = known.get(origin)
    if (found !== undefined) return found
    // What ran before this was loaded was counted as it came.
    if (origin.doubled === true) origin.runs = Math.ceil(origin.runs / 2)
    const told: Told = { answer: UNKNOWN, cause: 0, half: false }
    known.set(origin, told)
    return told
  }

  return {
    ran(origin) {
      const told = toldOf(origin)
      if (told.half) {
        told.half = false
        return
      }
      if (origin.doubled === true) {
        told.half = true
        // Not every one has a second: what throws has none.
        queueMicrotask(() => (told.half = false))
      }
      origin.runs++
      const { cause } = told
      told.cause = 0
      observation.watch?.ran(origin, cause === 0 ? undefined : cause)
    },
    told(origin, get) {
      const told = toldOf(origin)
      const now = attempt(get)
      if (observation.patching !== 0 && !Object.is(now, told.answer)) told.cause = observation.patching
      told.answer = now
    },
  }
}

/** Unlike any answer. */
const UNKNOWN = Symbol('unknown')

/** What was thrown is an answer too: whoever reads it renders for it. */
function attempt(get: () => unknown): unknown {
  try {
    return get()
  } catch (error) {
    return error
  }
}
