/** What a figure counts: milliseconds per operation, or bytes. */
export type Unit = 'ms' | 'bytes'

/** One line of a comparison: one contestant in one scenario. */
export interface Figure {
  readonly scenario: string
  readonly contestant: string
  /** The npm package whose installed version is printed beside the name; `null` for what the platform brings along. */
  readonly packageName: string | null
  readonly ours: boolean
  readonly p50: number
  readonly p95: number
  readonly p99?: number
  readonly samples: number
  /** Bytes on the wire for this operation, where there are any. */
  readonly bytes?: number
  /** How many things one operation changes; the table then also shows the time for each. */
  readonly parts?: number
  /** What a reader must know to judge the figure. */
  readonly note?: string
}

/** A contestant that could not take part, and why: found out during the run. */
export interface Absent {
  readonly contestant: string
  readonly reason: string
}

/** One benchmark's outcome. */
export interface Result {
  readonly benchmark: string
  readonly title: string
  readonly unit: Unit
  /** What the first column is called where it is not a time. */
  readonly column?: string
  readonly figures: readonly Figure[]
  readonly absent: readonly Absent[]
}

/** How thorough a run is. `short` proves that everything works and measures nothing worth quoting. */
export interface RunOptions {
  readonly short: boolean
}

/** A benchmark: the name it is asked for by, and what runs it. */
export interface Benchmark {
  readonly name: string
  /** What no implementation can beat, and why: printed with the figures. */
  readonly limit?: string
  run(options: RunOptions): Promise<readonly Result[]>
}
