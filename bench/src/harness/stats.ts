/** The `q` quantile (0 to 1) of `samples`, interpolated between neighbours. Throws on an empty list. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new Error('A quantile needs at least one sample.')
  return low + (high - low) * (at - Math.floor(at))
}

/** Median and tails of `samples`. */
export function summary(samples: readonly number[]): { p50: number; p95: number; p99: number; samples: number } {
  const at = (q: number): number => quantile(samples, q)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: samples.length }
}

/**
 * The slope of `ys` over `xs` by Theil and Sen: the median of the slopes of all pairs. A few samples that something else disturbed do not move it, where
 * least squares follows them. Throws on fewer than two samples.
 */
export function slope(xs: readonly number[], ys: readonly number[]): number {
  const slopes = xs.flatMap((x, i) =>
    xs.slice(i + 1).map((other, j) => ((ys[i + 1 + j] ?? 0) - (ys[i] ?? 0)) / (other - x)),
  )
  return quantile(slopes, 0.5)
}
