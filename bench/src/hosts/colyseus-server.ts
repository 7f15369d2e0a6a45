import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Room, Server } from '@colyseus/core'
import { WebSocketTransport } from '@colyseus/ws-transport'

/** Serves rooms by name on a free port. Heartbeats are off: with a thousand clients they would be part of every figure. */
export async function startColyseusServer(rooms: Readonly<Record<string, new () => Room>>): Promise<number> {
  const http = createServer()
  const transport = new WebSocketTransport({ server: http, pingInterval: 0, maxPayload: 1024 * 1024 })
  const server = new Server({ transport, greet: false, gracefullyShutdown: false })
  for (const [name, room] of Object.entries(rooms)) server.define(name, room)
  await server.listen(0, '127.0.0.1')
  return (http.address() as AddressInfo).port
}
