import type { StreamDef } from '@rivulet/client'
import type { StoreDef } from '@rivulet/wire'

/** Payload of one unit. */
export const UNIT_BYTES = 64 * 1024

/** The store that the streams belong to; nobody reads it. */
export const CameraStore: StoreDef<{ readonly name: string }> = {
  kind: 'store',
  name: 'CameraStore',
  state: 'bench.Camera',
  types: [{ 'bench.Camera': { form: 'partial', fields: [{ name: 'name', id: 1, type: { kind: 'string' } }] } }],
}

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
