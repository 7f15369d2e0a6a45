import { WebSocket } from 'ws'

/** A Socket.IO connection with as little around it as possible: a thousand of them must not be what is measured. */
export interface SocketIoWire {
  /** Sends an event with one argument, in JSON. */
  emit(event: string, argument: unknown): void
  /** What the server said when it let us in. */
  readonly welcome: { readonly sid: string; readonly pid?: string }
  /** Closes without a goodbye, as a lost network does. */
  drop(): void
}

/** What arrives. `frames` are the bytes of all frames of the packet, `attachment` its bytes where it has any. */
export type HearPacket = (packet: string, attachment: Buffer | null, frames: number) => void

/** Connects over WebSocket and resolves when the default namespace has let us in. `hear` gets every event and answer. */
export function openSocketIo(
  port: number,
  path: string,
  auth: Readonly<Record<string, unknown>>,
  hear: HearPacket,
): Promise<SocketIoWire> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  })
  let header: string | null = null
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('close', (code) => reject(new Error(`the connection was closed with ${code}`)))
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) {
        const packet = header ?? ''
        header = null
        hear(packet, data, packet.length + data.length)
        return
      }
      const text = data.toString('latin1')
      if (text === '2') socket.send('3')
      else if (text.startsWith('0')) socket.send(`40${JSON.stringify(auth)}`)
      else if (text.startsWith('40')) {
        resolve({
          welcome: JSON.parse(text.slice(2)) as SocketIoWire['welcome'],
          emit: (event, argument) => socket.send(`42${JSON.stringify([event, argument])}`),
          drop: () => socket.terminate(),
        })
      } else if (text.startsWith('45') || text.startsWith('46')) header = text
      else hear(text, null, text.length)
    })
  })
}
