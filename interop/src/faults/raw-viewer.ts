import { encodeValue } from '@rivulet/wire'
import { Credit } from '../generated/schema.ts'

/** A frame as it goes out: text, or bytes. */
export type Frame = string | Uint8Array<ArrayBuffer>

/** A viewer that sends whatever it likes: Socket.IO by hand, one frame at a time. */
export interface RawViewer {
  send(...frames: readonly Frame[]): void
  /** Socket.IO events that arrived, as text. */
  readonly heard: readonly string[]
  readonly closed: boolean
  close(): void
}

/** Connects, up to the welcome of the default namespace. Rejects when there is none. */
export async function connectRaw(port: number): Promise<RawViewer> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket/?EIO=4&transport=websocket`)
  socket.binaryType = 'arraybuffer'
  const heard: string[] = []
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data !== 'string') return
      if (data.startsWith('0')) socket.send('40{}')
      else if (data === '2') socket.send('3')
      else if (data.startsWith('40')) resolve()
      else heard.push(data)
    })
    socket.addEventListener('close', () => reject(new Error('the host closed the connection before its welcome')))
  })
  return {
    send(...frames) {
      for (const frame of frames) socket.send(frame)
    },
    heard,
    get closed() {
      return socket.readyState === WebSocket.CLOSED
    },
    close: () => socket.close(),
  }
}

/** An event without bytes. */
export function eventFrame(name: string, ...args: readonly unknown[]): string {
  return `42${JSON.stringify([name, ...args])}`
}

/** An event with bytes in the field `request`. */
export function requestFrames(name: string, body: object, bytes: Uint8Array): Frame[] {
  return [`451-${JSON.stringify([name, { ...body, request: { _placeholder: true, num: 0 } }])}`, new Uint8Array(bytes)]
}

/** A call of `Credit`; its answer proves that everything before it was dealt with. */
export function creditFrames(callID: number, id: string): Frame[] {
  const request = encodeValue(Credit.types, { kind: 'struct', ref: Credit.request }, { id })
  return requestFrames('rpccall', { callID, methodName: Credit.name }, request)
}
