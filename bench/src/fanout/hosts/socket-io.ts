import { Server } from 'socket.io'
import type { StartFanoutHost } from '../fanout-host.ts'
import { listening } from '../../hosts/listening.ts'
import { recordUpdates } from '../recorded-updates.ts'

/** Socket.IO as its documentation shows it: `io.emit` and rooms, with the very messages that Rivulet sends, ready made. It keeps no state. */
export const startSocketIo: StartFanoutHost = async (setting) => {
  const { full, whole, byRow } = recordUpdates(setting)
  const { http, port } = await listening()
  const io = new Server(http, { path: '/socket', serveClient: false })
  const storeName = 'World'
  io.on('connection', (socket) => {
    socket.on('storesub', async ({ row }: { row: string | null }) => {
      if (row !== null) await socket.join(row)
      socket.emit('storeupdate', { time: Date.now(), kind: 0, storeName, state: Buffer.from(full) })
    })
  })
  const message = (bytes: Uint8Array): object => ({
    time: Date.now(),
    kind: 2,
    storeName,
    partial: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  })
  return {
    port,
    update(variant) {
      if (setting.audience === 'whole') {
        io.emit('storeupdate', message(whole[variant] as Uint8Array))
        return
      }
      for (const [row, bytes] of byRow[variant] ?? []) {
        // Nobody has to build what nobody listens to.
        if (io.sockets.adapter.rooms.has(row)) io.to(row).emit('storeupdate', message(bytes))
      }
    },
  }
}
