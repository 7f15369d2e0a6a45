/** What is under way between pages and server, in one line: first in, first out, whoever it is for. */
export interface Traffic {
  /** Runs `deliver` after everything that was handed over before, and never at once: nobody is called in the middle of what they do. */
  readonly later: (deliver: () => void) => void
  /** The same for what says nothing new, so it does not count. */
  readonly quietly: (deliver: () => void) => void
  /** How much has been delivered so far. */
  readonly count: number
  /** Whether something that counts waits. */
  readonly waits: boolean
  /** Nothing moves until `release`. */
  hold(): void
  release(): void
}

/** Makes an empty line. It needs no timer, so it moves while a test holds the clock. */
export function createTraffic(): Traffic {
  const waiting: { readonly deliver: () => void; readonly counts: boolean }[] = []
  let running = false
  let held = false
  let count = 0

  const start = (): void => {
    if (running || held) return
    running = true
    // A promise rather than queueMicrotask, which fake timers may hold.
    void Promise.resolve().then(run)
  }
  const run = (): void => {
    try {
      for (;;) {
        // A delivery may have called `hold`.
        const next = held ? undefined : waiting.shift()
        if (next === undefined) break
        if (next.counts) count++
        next.deliver()
      }
    } finally {
      running = false
      // Somebody threw, which is uncaught now; the others still get theirs.
      if (waiting.length > 0) start()
    }
  }
  const add = (deliver: () => void, counts: boolean): void => {
    waiting.push({ deliver, counts })
    start()
  }

  return {
    later: (deliver) => add(deliver, true),
    quietly: (deliver) => add(deliver, false),
    get count() {
      return count
    },
    get waits() {
      return waiting.some(({ counts }) => counts)
    },
    hold() {
      held = true
    },
    release() {
      held = false
      if (waiting.length > 0) start()
    },
  }
}
