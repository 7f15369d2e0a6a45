import { rangeDecoder, type TypeNode, type Types } from '@rivulet/wire'
import type { Blob } from '../row-block.ts'
import { shareParts } from './share-parts.ts'

/**
 * Rows that arrived together. What has been read of them stays here, so whatever refers to a row here, today's map or one of long ago, reads the same object.
 */
export interface Segment {
  readonly ends: Uint32Array
  /** Decodes the row between these offsets. */
  readonly decode: (start: number, end: number) => unknown
  readonly bytes: Uint8Array
  /** Rows that have been read; or where they have been moved to. */
  readonly values: unknown[]
  /** What the row was before, where somebody has seen that: equal parts keep their identity. */
  readonly priors: unknown[]
  /** For rows that came from elsewhere: what stands for them there. */
  readonly origins: (Moved | undefined)[]
  /** Rows here that the newest map has. */
  live: number
}

/** Stands in {@link Segment.values} for a row that lies elsewhere now. One for each row, however often that moves: a map of long ago must not keep all the places alive. */
class Moved {
  segment: Segment
  row: number

  constructor(segment: Segment, row: number) {
    this.segment = segment
    this.row = row
  }
}

export function createSegment(types: Types, type: TypeNode, { bytes, ends }: Blob): Segment {
  return {
    ends,
    decode: rangeDecoder(types, type, bytes),
    bytes,
    values: [],
    priors: [],
    origins: [],
    live: ends.length,
  }
}

/** The row, decoded when it was not. Throws the wire's errors for bytes that do not decode. */
export function readRow(segment: Segment, row: number): unknown {
  const known = segment.values[row]
  if (known instanceof Moved) return readRow(known.segment, known.row)
  if (known !== undefined) return known
  const value = segment.decode(startOf(segment, row), segment.ends[row] as number)
  const before = segment.priors[row]
  const shared = before === undefined ? value : shareParts(before, value)
  if (before !== undefined) segment.priors[row] = undefined
  segment.values[row] = shared
  return shared
}

/** What somebody may have seen of this row: its value, or, while that is unread, the one before it. */
export function seenRow(segment: Segment, row: number): unknown {
  const known = segment.values[row]
  if (known instanceof Moved) return seenRow(known.segment, known.row)
  return known ?? segment.priors[row]
}

/** Bytes of a row that have not been replaced by a value: what it costs to keep. */
export function sizeOf(segment: Segment, row: number): number {
  return (segment.ends[row] as number) - startOf(segment, row)
}

/** Puts a row of `from` at the place `row` of `to`, whose bytes it has been copied to. */
export function moveRow(from: Segment, at: number, to: Segment, row: number): void {
  const known = from.values[at]
  const before = from.priors[at]
  if (known !== undefined) to.values[row] = known
  else {
    const moved = from.origins[at] ?? new Moved(to, row)
    moved.segment = to
    moved.row = row
    from.values[at] = to.origins[row] = moved
  }
  if (before !== undefined) to.priors[row] = before
}

export function startOf({ ends }: Segment, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] as number)
}
