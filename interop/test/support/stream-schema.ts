import type { StreamDef } from '@rivulet/client'
import type { StoreDef } from '@rivulet/wire'

/** The store of the cameras. */
export const CameraStore: StoreDef<{ readonly name: string }> = {
  kind: 'store',
  name: 'CameraStore',
  state: 'cam.State',
  types: [{ 'cam.State': { form: 'partial', fields: [{ name: 'name', id: 1, type: { kind: 'string' } }] } }],
}

/** One that nobody may read. */
export const VaultStore: StoreDef<{ readonly name: string }> = { ...CameraStore, name: 'VaultStore', access: 5 }

/** What a camera sees. */
export const Video: StreamDef = { kind: 'stream', store: 'CameraStore', name: 'Camera.Video' }

/** The same, for the handler of the test's own worker. */
export const Painted: StreamDef = { ...Video, name: 'Camera.Painted' }
