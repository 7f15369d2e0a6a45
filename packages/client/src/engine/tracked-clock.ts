import type { Clock } from './clock.ts'

/** A clock that knows its timers. */
export interface TrackedClock extends Clock {
  /** Ends all timers. */
  stop(): void
}

/** Keeps account of all timers of `clock`, so that none is left behind, and calls `after` when one has done its work. */
export function createTrackedClock(clock: Clock, after: () => void): TrackedClock {
  const timers = new Set<() => void>()
  return {
    now: () => clock.now(),
    random: () => clock.random(),
    after(ms, action) {
      const stop = clock.after(ms, () => {
        timers.delete(cancel)
        action()
        after()
      })
      const cancel = (): void => {
        timers.delete(cancel)
        stop()
      }
      timers.add(cancel)
      return cancel
    },
    stop() {
      for (const cancel of timers) cancel()
    },
  }
}
