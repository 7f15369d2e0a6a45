/**
 * Makes a function that runs work and tells `onSlow` when that took more than `slowMs`. Of work inside work only the outermost is told: that is how long everything else waited.
 */
export function holdTimer(slowMs: number, onSlow: (ms: number) => void): <T>(work: () => T) => T {
  let depth = 0
  return (work) => {
    const start = performance.now()
    depth++
    try {
      return work()
    } finally {
      depth--
      const ms = performance.now() - start
      if (depth === 0 && ms > slowMs) onSlow(ms)
    }
  }
}
