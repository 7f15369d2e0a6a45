import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A viewer without a client library: Engine.IO and Socket.IO by hand, so that a thousand of them fit into a test. */
export interface BareViewer {
  readonly socket: WebSocket
  /** Names of the events that arrived, oldest first. */
  readonly events: string[]
  /** Argument of the last event of a name. */
  last(event: string): Readonly<Record<string, unknown>> | undefined
  emit(event: string, body: unknown): void
}

/** Connects a bare viewer with `auth`. */
export async function bareViewer(port: number, auth: object): Promise<BareViewer> {
  const socket = new WebSocket(`ws://localhost:${port}/socket/?EIO=4&transport=websocket`)
  const events: string[] = []
  const lasts = new Map<string, Readonly<Record<string, unknown>>>()
  const connected = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (binary) return
      const text = String(data)
      if (text.startsWith('0')) socket.send(`40${JSON.stringify(auth)}`)
      else if (text === '2') socket.send('3')
      else if (text.startsWith('40')) resolve()
      else {
        const at = text.indexOf('[')
        if (at === -1) return
        const [event, body] = JSON.parse(text.slice(at)) as [string, Readonly<Record<string, unknown>>]
        events.push(event)
        lasts.set(event, body)
      }
    })
  })
  socket.on('error', () => socket.terminate())
  await once(socket, 'open')
  await connected
  return {
    socket,
    events,
    last: (event) => lasts.get(event),
    emit: (event, body) => socket.send(`42${JSON.stringify([event, body])}`),
  }
}
