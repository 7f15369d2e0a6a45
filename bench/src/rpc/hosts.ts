import type { WebSocket } from 'ws'
import { listening } from '../hosts/listening.ts'
import { type Ask, Echo } from '../generated/schema.ts'
import { answerTo } from './echo.ts'

/** Starts a host that answers {@link Echo} and returns its port. Each loads only what it serves with. */
export const hosts: Readonly<Record<string, () => Promise<number>>> = {
  async rivulet() {
    const { createHost } = await import('@rivulet/server')
    const host = createHost({ port: 0, hostname: '127.0.0.1' })
    host.rpc(Echo, answerTo)
    return host.listening
  },

  /** As its documentation shows it: an acknowledgement, in JSON. */
  async 'socket.io'() {
    const { Server } = await import('socket.io')
    const { http, port } = await listening()
    const io = new Server(http, { path: '/socket', serveClient: false })
    io.on('connection', (socket) => {
      socket.on('echo', (ask: Ask, acknowledge: (answer: Ask) => void) => acknowledge(answerTo(ask)))
    })
    return port
  },

  /** As its documentation shows it: a message whose handler returns the answer. */
  async colyseus() {
    const [{ Room }, { startColyseusServer }] = await Promise.all([
      import('@colyseus/core'),
      import('../hosts/colyseus-server.ts'),
    ])
    class EchoRoom extends Room {
      override patchRate = null
      override messages = { echo: (_client: unknown, ask: Ask): Ask => answerTo(ask) }
    }
    return startColyseusServer({ echo: EchoRoom })
  },

  /** JSON in a frame and back: nothing else is there to be paid for. */
  async ws() {
    const { WebSocketServer } = await import('ws')
    const { http, port } = await listening()
    const server = new WebSocketServer({ server: http, perMessageDeflate: false })
    server.on('connection', (socket: WebSocket) => {
      socket.on('message', (data: Buffer) => {
        const [id, ask] = JSON.parse(data.toString()) as [number, Ask]
        socket.send(JSON.stringify([id, answerTo(ask)]))
      })
    })
    return port
  },
}
