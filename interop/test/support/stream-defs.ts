import type { StreamDef } from '@rivulet/client'

/** What a camera sees. */
export const Video: StreamDef = { kind: 'stream', store: 'CameraStore', name: 'Camera.Video' }

/** The same, for the handler of the test's own worker. */
export const Painted: StreamDef = { ...Video, name: 'Camera.Painted' }
