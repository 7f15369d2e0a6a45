import { once } from 'node:events'
import type { Socket } from 'socket.io-client'
import { type Ask, Echo } from '../generated/schema.ts'

/** Calls and resolves with the answer. */
export type Call = (ask: Ask) => Promise<Ask>

/** Connects to a host's port. All are the client that its makers recommend, over WebSocket from the start. */
export const callers: Readonly<Record<string, (port: number) => Promise<Call>>> = {
  /** Socket.IO's client with Rivulet's encoding: what Rivulet's worker does, without the worker. */
  async rivulet(port) {
    const { decodeValue, encodeValue } = await import('@rivulet/wire')
    const socket = await socketIo(port)
    const waiting = new Map<number, (response: Uint8Array) => void>()
    const request = { kind: 'struct', ref: Echo.request } as const
    const response = { kind: 'struct', ref: Echo.response } as const
    let calls = 0
    socket.on('rpccallresp', (answer: { readonly callID: number; readonly response: Uint8Array }) => {
      waiting.get(answer.callID)?.(answer.response)
      waiting.delete(answer.callID)
    })
    return (ask) =>
      new Promise((resolve) => {
        const callID = ++calls
        waiting.set(callID, (bytes) =>
          resolve((decodeValue(Echo.types, response, bytes) as { readonly result: Ask }).result),
        )
        socket.emit('rpccall', { callID, methodName: Echo.name, request: encodeValue(Echo.types, request, ask) })
      })
  },

  async 'socket.io'(port) {
    const socket = await socketIo(port)
    return (ask) => new Promise((resolve) => socket.emit('echo', ask, resolve))
  },

  async colyseus(port) {
    const { Client } = await import('@colyseus/sdk')
    const room = await new Client(`ws://127.0.0.1:${port}`).joinOrCreate('echo')
    return (ask) => room.request('echo', ask)
  },

  async ws(port) {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    await once(socket, 'open')
    const waiting = new Map<number, (answer: Ask) => void>()
    let calls = 0
    socket.on('message', (data: Buffer) => {
      const [id, answer] = JSON.parse(data.toString()) as [number, Ask]
      waiting.get(id)?.(answer)
      waiting.delete(id)
    })
    return (ask) =>
      new Promise((resolve) => {
        waiting.set(++calls, resolve)
        socket.send(JSON.stringify([calls, ask]))
      })
  },
}

async function socketIo(port: number): Promise<Socket> {
  const { io } = await import('socket.io-client')
  const socket = io(`http://127.0.0.1:${port}`, { path: '/socket', transports: ['websocket'], reconnection: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}
