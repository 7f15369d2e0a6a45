/** One contestant's operation, already warmed with its inputs. */
export interface Candidate {
  readonly name: string
  /** One operation. Its result is kept from being optimised away by the caller. */
  readonly run: () => unknown
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** Least duration of one sample: operations are batched until a sample lasts this long. */
  readonly sampleMs: number
  readonly warmMs: number
}

/** The effort of a normal run, and of one that only proves that everything works. */
export function effort(short: boolean): Effort {
  return short ? { rounds: 3, sampleMs: 0.2, warmMs: 2 } : { rounds: 60, sampleMs: 2, warmMs: 250 }
}

let sink: unknown

/** Where `gc` is exposed, a sample starts with an empty nursery: nobody pays for the garbage of the contestant before. */
function sweep(): void {
  const collect = (globalThis as { gc?: (options: { type: 'minor' }) => void }).gc
  collect?.({ type: 'minor' })
}

function timed(run: () => unknown, times: number): number {
  const start = performance.now()
  for (let i = 0; i < times; i++) sink = run()
  return performance.now() - start
}

function warm(run: () => unknown, warmMs: number): number {
  const start = performance.now()
  let operations = 0
  do {
    sink = run()
    operations++
  } while (performance.now() - start < warmMs)
  return (performance.now() - start) / operations
}

/**
 * Milliseconds per operation, samples per candidate by name.
 *
 * The candidates are interleaved and take turns at going first, so that a busy moment of the machine hits all of them alike.
 */
export function measure(candidates: readonly Candidate[], { rounds, sampleMs, warmMs }: Effort): Map<string, number[]> {
  const entries = candidates.map(({ name, run }) => {
    const estimate = warm(run, warmMs)
    return { name, run, times: Math.max(1, Math.ceil(sampleMs / Math.max(estimate, 1e-6))), samples: [] as number[] }
  })
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[(i + round) % entries.length]
      if (entry === undefined) continue
      sweep()
      entry.samples.push(timed(entry.run, entry.times) / entry.times)
    }
  }
  return new Map(entries.map(({ name, samples }) => [name, samples]))
}

/** What the last operation returned; reading it keeps the work observable. */
export function lastResult(): unknown {
  return sink
}
