import type { Client } from '@rivulet/client'
import { createPacer, type Tally } from './pacer.ts'
import { PushAudio, StudioStore } from './schema.ts'

/** The way of this page's sound to the host. */
export interface Uplink {
  /** Numbers a frame and sends it when its turn comes. */
  push(pcm: Uint8Array): void
  readonly tally: Tally
  /** Follows connection and store until the returned function is called. */
  open(): () => void
}

/** Makes the uplink of the page that calls itself `sender`. It lives outside React: fifty frames a second render nothing. */
export function createUplink(client: Client, sender: string): Uplink {
  const studio = client.store(StudioStore)
  const done = ['senders', sender, 'done'] as const
  const pacer = createPacer({ send: (frame) => client.send(PushAudio, frame) })
  let seq = 0

  const acknowledge = (): void => {
    const upTo = studio.get(done)
    if (typeof upTo === 'number') pacer.done(upTo)
  }
  const connect = (): void => pacer.connected(client.connection.get().state === 'connected')

  return {
    push: (pcm) => pacer.push({ seq: seq++, pcm }),
    get tally() {
      return pacer.tally
    },
    open() {
      const stops = [studio.subscribe(done, acknowledge), client.connection.subscribe(connect)]
      connect()
      return () => stops.forEach((stop) => stop())
    },
  }
}
