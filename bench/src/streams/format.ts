import type { StreamDef } from '@rivulet/client'

/** Payload of one unit. */
export const UNIT_BYTES = 64 * 1024

/** Goes to the page. */
export const Video: StreamDef = { kind: 'stream', store: 'CameraStore', name: 'Video' }

/** Stays in the worker. */
export const Painted: StreamDef = { kind: 'stream', store: 'CameraStore', name: 'Painted' }

/** Where a hand-written reader reads. */
export interface Endpoint {
  readonly url: string
  readonly token: string
}

/** Who reads a stream. */
export type ReaderName = 'rivulet' | 'rivulet, own worker' | 'WebSocket on the page' | 'WebSocket in a worker, copied'
