/** What the engine takes from the outside world; tests put their own in. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Calls `run` once after `ms`; the function returned cancels that. */
  after(ms: number, run: () => void): () => void
  /** A number from 0 (inclusive) to 1. */
  random(): number
}

/** Longest delay that a JavaScript timer keeps; a longer one would fire at once. */
const MAX_DELAY = 2 ** 31 - 1

/** The real thing. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_DELAY))
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}
