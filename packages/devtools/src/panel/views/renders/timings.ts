/** The newest of some durations. */
export interface Timings {
  add(ms: number): void
  /** Oldest first. */
  values(): Float64Array
  /** `share` of the durations are at most this long; 0 without any. */
  percentile(share: number): number
  clear(): void
}

/**
 * Makes an empty row of at most `limit` durations.
 *
 * @example
 * timings.percentile(0.95)
 */
export function createTimings(limit = 512): Timings {
  const ring = new Float64Array(limit)
  let added = 0
  const values = (): Float64Array =>
    added <= limit
      ? ring.slice(0, added)
      : Float64Array.from({ length: limit }, (_, i) => ring[(added + i) % limit] as number)
  return {
    add(ms) {
      ring[added++ % limit] = ms
    },
    values,
    percentile(share) {
      // In order, whatever the signs; typed arrays sort as numbers.
      const sorted = values().toSorted()
      return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
    },
    clear() {
      added = 0
    },
  }
}
