import { Server } from 'socket.io'
import { makeWorld } from '../../decode/world.ts'
import { listening } from '../../hosts/listening.ts'
import { openSocketIo } from '../../hosts/wires/socket-io-wire.ts'
import type { KeyedHost, KeyedViewer } from '../contestants.ts'
import { countMessages } from '../count-messages.ts'
import { type Setting, xsAt } from '../setting.ts'

/** JSON over Socket.IO: whoever wants everything is in one room, and every field has a room of its own. */
export async function start(setting: Setting): Promise<KeyedHost> {
  const { http, port } = await listening()
  const io = new Server(http, { path: '/socket', serveClient: false })
  const world = makeWorld(setting.rows)
  io.on('connection', (socket) => {
    socket.on('follow', async (ids: readonly string[] | null) => {
      await socket.join(ids === null ? 'everything' : [...ids])
      socket.emit('state', ids === null ? [...world.values()] : ids.map((id) => world.get(id)))
    })
  })
  const { rooms } = io.sockets.adapter
  return {
    port,
    tick(tick) {
      const xs = xsAt(setting, tick)
      if (rooms.has('everything')) {
        io.to('everything').emit(
          'xs',
          xs.map(({ id, x }) => [id, x]),
        )
      }
      for (const { id, x } of xs) if (rooms.has(id)) io.to(id).emit('x', [id, x])
    },
  }
}

/** Follows these fields, or everything; resolves once the state is there. */
export async function join(port: number, ids: readonly string[] | null): Promise<KeyedViewer> {
  const counter = countMessages()
  const baseline = countMessages()
  const wire = await openSocketIo(port, '/socket', {}, (packet) => {
    if (packet.startsWith('42["state"')) baseline.heard()
    else counter.heard()
  })
  wire.emit('follow', ids)
  await baseline.reach(1)
  return { reach: counter.reach, close: () => wire.drop() }
}
