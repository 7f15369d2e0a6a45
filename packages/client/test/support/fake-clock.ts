import type { Clock } from '../../src/engine/clock.ts'

export interface FakeClock extends Clock {
  /** Moves time on, running what falls due, in order. */
  advance(ms: number): void
  readonly pending: number
  randomValue: number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export function fakeClock(start = 1_000_000): FakeClock {
  let now = start
  let order = 0
  const timers = new Set<Timer>()
  return {
    randomValue: 0.5,
    now: () => now,
    random() {
      return this.randomValue
    },
    after(ms, run) {
      const timer = { at: now + ms, order: order++, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const due = [...timers].filter((t) => t.at <= end).toSorted((a, b) => a.at - b.at || a.order - b.order)
        if (due.length === 0) break
        const known = order
        for (const timer of due) {
          if (!timers.delete(timer)) continue
          now = timer.at
          timer.run()
          // It may have set one that falls due before the next.
          if (order !== known) break
        }
      }
      now = end
    },
    get pending() {
      return timers.size
    },
  }
}
