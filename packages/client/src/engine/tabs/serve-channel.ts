import { asDoorMessage, type DoorMessage } from '../../tab-protocol.ts'
import { createTunnel } from '../../tunnel.ts'
import type { Hub } from '../create-hub.ts'
import { servePort } from './serve-port.ts'
import { watchLock } from '../../watch-lock.ts'

/** Lets the pages of other tabs in, which knock at the BroadcastChannel `door`. Returns what ends that: all of them are let go. */
export function serveChannel(door: string, hub: Hub): () => void {
  const channel = new BroadcastChannel(door)
  const lines = new Map<string, () => void>()

  const open = (line: string): void => {
    const tunnel = createTunnel(new BroadcastChannel(line), 1)
    const letGo = servePort(hub, tunnel, undefined, () => {
      stopWatching()
      lines.delete(line)
    })
    const stopWatching = watchLock(line, letGo)
    lines.set(line, letGo)
  }

  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = asDoorMessage(data)
    // It knocks until it has heard the answer, which may be on its way.
    if (message?.rivulet === 'knock' && !lines.has(message.line)) open(message.line)
  })
  channel.postMessage({ rivulet: 'serving' } satisfies DoorMessage)

  return () => {
    channel.close()
    const all = [...lines.values()]
    for (const letGo of all) letGo()
  }
}
