import { createHash } from 'node:crypto'

/**
 * The name of a stream where its payload travels: the same for everyone who knows store, stream and key, and nothing can be read from it (session.md §8).
 *
 * @example
 * dataPlaneID('CameraStore', 'Camera.Video', 'camera-a') // 'restream:dfed6ec5…'
 */
export function dataPlaneID(store: string, stream: string, key: string): string {
  const hash = createHash('sha256')
  for (const part of [store, stream, key]) hash.update(`${Buffer.byteLength(part, 'utf8')}:${part}`)
  return `restream:${hash.digest('hex')}`
}
