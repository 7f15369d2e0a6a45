/** Payload of one unit. */
export const UNIT_BYTES = 64 * 1024

/** Where a hand-written reader reads. */
export interface Endpoint {
  readonly url: string
  readonly token: string
}

/** Who reads a stream. */
export type ReaderName = 'rivulet' | 'rivulet, own worker' | 'WebSocket on the page' | 'WebSocket in a worker, copied'
