import type { RivuletError } from '../errors.ts'

/** What some bytes say, as plain data: times as ISO 8601, raw bytes as hex, 64-bit integers as numbers while those are exact. */
export type AttributedValue = boolean | number | bigint | string | null

/**
 * What a run of bytes of a message is.
 *
 * @example
 * { offset: 3, length: 1, path: 'BoardStore.cells["a1"]', meaning: 'key: length of the text', value: 2 }
 */
export interface Attribution {
  /** Of the first byte, from 0. */
  readonly offset: number
  /** Bytes; never 0. */
  readonly length: number
  /** `store.field[key].sub`, with property names; map keys that are text are quoted. */
  readonly path: string
  readonly meaning: string
  /** Absent where the bytes carry nothing that anybody reads. */
  readonly value?: AttributedValue
}

/** A message, taken apart. */
export interface Inspection {
  /** In order, without a gap or an overlap: every byte of the message is in exactly one of them. */
  readonly parts: readonly Attribution[]
  /** Why the message cannot be read, with the offset of the offending byte; what follows that byte is one part, "not read". */
  readonly error: RivuletError | undefined
  /** Where the last part begins, if it is what {@link InspectOptions} left over: it may be fine or not. */
  readonly rest?: number
}

/** How much of a message is taken apart, for tools that show large ones. */
export interface InspectOptions {
  /** Parts at most; what follows is one more, "not looked at". All unless given. */
  readonly maxParts?: number
  /** Bytes of a `bytes` value that are spelled out before an ellipsis. All unless given. */
  readonly maxValue?: number
}
