/** What a number means to those before it. */
type Arrival = 'next' | 'gap' | 'late' | 'duplicate' | 'restart'

/** What has arrived so far. */
interface Arrivals {
  /** Different frames. */
  readonly received: number
  /** Frames that have been skipped and have not come late. */
  readonly lost: number
  /** How often frames were skipped. */
  readonly gaps: number
  /** Frames that came after a later one. */
  readonly late: number
  readonly duplicates: number
  /** How often the numbers began anew. */
  readonly restarts: number
  /** The largest number since then; null before the first. */
  readonly highest: number | null
}

/** Checks the numbers of a stream of frames. */
export interface Sequence {
  take(n: number): Arrival
  readonly arrivals: Arrivals
}

/** Skipped numbers that are remembered, so that a late frame is known from a repeated one. A number that lies further back is a new beginning. */
const WINDOW = 1024

/** Makes a check for one sender. Numbers count up by one, from anywhere; its memory is bounded, whatever the numbers. */
export function createSequence(): Sequence {
  const missing = new Set<number>()
  const seen = { received: 0, lost: 0, gaps: 0, late: 0, duplicates: 0, restarts: 0 }
  let highest: number | null = null

  function skipTo(n: number, last: number): void {
    seen.gaps++
    seen.lost += n - last - 1
    for (let skipped = Math.max(last + 1, n - WINDOW); skipped < n; skipped++) missing.add(skipped)
    // A set keeps its order, so the first are the oldest.
    for (const skipped of missing) {
      if (missing.size <= WINDOW) break
      missing.delete(skipped)
    }
  }

  function take(n: number): Arrival {
    if (highest === null || n > highest) {
      const gap = highest !== null && n > highest + 1
      if (gap) skipTo(n, highest as number)
      highest = n
      seen.received++
      return gap ? 'gap' : 'next'
    }
    if (n < highest - WINDOW) {
      missing.clear()
      highest = n
      seen.received++
      seen.restarts++
      return 'restart'
    }
    if (missing.delete(n)) {
      seen.lost--
      seen.late++
      seen.received++
      return 'late'
    }
    seen.duplicates++
    return 'duplicate'
  }

  return {
    take,
    get arrivals() {
      return { ...seen, highest }
    },
  }
}
