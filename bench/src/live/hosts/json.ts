import { Server } from 'socket.io'
import { listening } from '../../hosts/listening.ts'
import { AWAY_S, movesOf, rowsOf, type StartLiveHost } from '../live-host.ts'

/** Socket.IO and JSON, as many applications are built: the state when somebody connects, then what changed; recovery of what a connection missed. */
export const startJson: StartLiveHost = async (setting) => {
  const { http, port } = await listening()
  const io = new Server(http, {
    serveClient: false,
    connectionStateRecovery: { maxDisconnectionDuration: AWAY_S * 1000 },
  })
  const rows = new Map(rowsOf(setting))
  const moves = movesOf(setting)
  io.on('connection', (socket) => {
    if (!socket.recovered) socket.emit('state', [...rows.values()])
  })
  return {
    port,
    connected: () => io.sockets.sockets.size,
    change(round) {
      for (const { id, x, y } of moves(round)) {
        const row = rows.get(id)
        if (row === undefined) throw new Error(`The world has no entity ${id}.`)
        rows.set(id, { ...row, x, y })
      }
      io.emit(
        'moved',
        moves(round).map(({ id, x, y }) => [id, x, y]),
      )
    },
  }
}
