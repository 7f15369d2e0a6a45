/** The `q` quantile (0 to 1) of `samples`, interpolated between neighbours. Throws on an empty list. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new Error('A quantile needs at least one sample.')
  return low + (high - low) * (at - Math.floor(at))
}

/** Median and tail of `samples`. */
export function summary(samples: readonly number[]): { p50: number; p95: number; samples: number } {
  return { p50: quantile(samples, 0.5), p95: quantile(samples, 0.95), samples: samples.length }
}
