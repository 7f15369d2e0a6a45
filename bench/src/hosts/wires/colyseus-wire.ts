import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A seat in a Colyseus room with as little around it as possible. */
export interface ColyseusWire {
  readonly roomId: string
  /** With it the seat can be taken again. */
  readonly reconnectionToken: string
  /** Closes without a goodbye, as a lost network does. */
  drop(): void
}

/** First byte of what Colyseus sends, without its modifier bits. */
export const colyseusCodes = { join: 10, state: 14, patch: 15 } as const
const CODE_MASK = 0x1f

/** What arrives after the handshake: its code and all its bytes. */
export type HearFrame = (code: number, frame: Buffer) => void

interface Reservation {
  readonly processId: string
  readonly roomId: string
  readonly sessionId: string
}

/** Takes a seat: `method` and `room` as in matchmaking. Resolves when the room has let us in; the state follows. */
export async function openColyseus(
  port: number,
  method: 'joinOrCreate' | 'reconnect',
  room: string,
  options: Readonly<Record<string, unknown>>,
  hear: HearFrame,
): Promise<ColyseusWire> {
  const response = await fetch(`http://127.0.0.1:${port}/matchmake/${method}/${room}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(options),
  })
  if (!response.ok) throw new Error(`the seat was refused: ${await response.text()}`)
  const { processId, roomId, sessionId } = (await response.json()) as Reservation
  const query = new URLSearchParams({ sessionId, skipHandshake: '1' })
  if (typeof options['reconnectionToken'] === 'string') query.set('reconnectionToken', options['reconnectionToken'])
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${processId}/${roomId}?${query}`, { perMessageDeflate: false })
  const joined = new Promise<string>((resolve, reject) => {
    socket.once('close', (code, why) => reject(new Error(`the connection was closed with ${code} ${why.toString()}`)))
    socket.on('message', (frame: Buffer) => {
      const code = (frame[0] ?? 0) & CODE_MASK
      if (code !== colyseusCodes.join) return hear(code, frame)
      socket.send(Buffer.of(colyseusCodes.join))
      resolve(frame.toString('latin1', 2, 2 + (frame[1] ?? 0)))
    })
  })
  await Promise.race([once(socket, 'open'), joined])
  return { roomId, reconnectionToken: await joined, drop: () => socket.terminate() }
}
