import { type WebSocket, WebSocketServer } from 'ws'
import { listening } from '../../hosts/listening.ts'
import type { StartFanoutHost } from '../fanout-host.ts'
import { recordUpdates } from '../recorded-updates.ts'

/** Nothing but frames: ready-made bytes into each socket. What is cheaper than this has fewer system calls. */
export const startWs: StartFanoutHost = async (setting) => {
  const { full, whole, byRow } = recordUpdates(setting)
  const { http, port } = await listening()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  const watchers = new Map<string, Set<WebSocket>>()
  server.on('connection', (socket) => {
    socket.on('message', (row: Buffer) => {
      const watching = watchers.get(row.toString()) ?? new Set()
      watchers.set(row.toString(), watching.add(socket))
      socket.send(full)
    })
  })
  return {
    port,
    update(variant) {
      if (setting.audience === 'whole') {
        for (const socket of server.clients) socket.send(whole[variant] as Uint8Array)
        return
      }
      for (const [row, bytes] of byRow[variant] ?? []) {
        for (const socket of watchers.get(row) ?? []) socket.send(bytes)
      }
    },
  }
}
