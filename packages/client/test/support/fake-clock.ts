import type { Clock } from '../../src/engine/clock.ts'

export interface FakeClock extends Clock {
  /** Moves time on, running what falls due, in order. */
  advance(ms: number): void
  readonly pending: number
  randomValue: number
}

export function fakeClock(start = 1_000_000): FakeClock {
  let now = start
  let order = 0
  let timers: { at: number; order: number; run: () => void }[] = []
  return {
    randomValue: 0.5,
    now: () => now,
    random() {
      return this.randomValue
    },
    after(ms, run) {
      const timer = { at: now + ms, order: order++, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((t) => t !== timer)
      }
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const due = timers.filter((t) => t.at <= end).toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
        if (due === undefined) break
        timers = timers.filter((t) => t !== due)
        now = due.at
        due.run()
      }
      now = end
    },
    get pending() {
      return timers.length
    },
  }
}
