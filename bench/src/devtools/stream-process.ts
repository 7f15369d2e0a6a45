import type { Socket } from 'node:net'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import { makeWorld } from '../decode/world.ts'
import { Echo, WorldStore, type WorldStoreState } from '../generated/schema.ts'
import { answerParent } from '../harness/child.ts'
import { answerTo } from '../rpc/echo.ts'
import { Moved } from './moved-event.ts'
import { createPacedStream } from './paced-stream.ts'
import { ROWS, type Sent } from './stream.ts'

// The process of the host.

const sockets = new Set<Socket>()
let host: Host
let world: Store<WorldStoreState>

const stream = createPacedStream({
  update(row, x) {
    world.update(({ entities }) => {
      const entity = entities.get(`e${row}`)
      if (entity === undefined) throw new Error('The world has lost a row.')
      entity.x = x
    })
  },
  event: (n) => host.emit(Moved, { text: 'moved', n }),
  // One write for all of them: the cores of the machine are the page's, not the system calls'.
  together(send) {
    for (const socket of sockets) socket.cork()
    send()
    for (const socket of sockets) socket.uncork()
  },
  soon: (next) => void setImmediate(next),
})

answerParent({
  async start() {
    world = createStore(WorldStore, { entities: new Map(makeWorld(ROWS)) })
    // A page that falls behind is what is measured here; it must not lose its connection for it.
    const limits = { queuedMessages: 1_000_000 }
    host = createHost({ port: 0, hostname: '127.0.0.1', stores: [world], limits, logger: null })
    host.rpc(Echo, answerTo)
    host.onViewer(({ socket: { request } }) => {
      sockets.add(request.socket)
      return () => sockets.delete(request.socket)
    })
    return host.listening
  },
  stream: () => stream.start(),
  stop: () => stream.stop(),
  sent(): Sent {
    const { sentMessages, conflations } = host.health()
    return { messages: sentMessages, merged: conflations, at: performance.now() }
  },
})
