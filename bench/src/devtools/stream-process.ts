import type { Socket } from 'node:net'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import { makeWorld } from '../decode/world.ts'
import { Echo, WorldStore, type WorldStoreState } from '../generated/schema.ts'
import { answerParent } from '../harness/child.ts'
import { answerTo } from '../rpc/echo.ts'
import { Moved } from './moved-event.ts'
import { ROWS, type Sent, STREAM } from './stream.ts'

// The process of the host: messages one by one, as a game or a market has them.

/** Every so manieth message is an event. */
const EVENT_EVERY = Math.round(STREAM.messages / STREAM.events)
/** Messages at once; more would wait for the transport, and what waits is merged. */
const AT_ONCE = 16

const sockets = new Set<Socket>()
let host: Host
let world: Store<WorldStoreState>
let perSecond = 0
let start = 0
let done = 0

function message(): void {
  done++
  if (done % EVENT_EVERY === 0) {
    host.emit(Moved, { text: 'moved', n: done })
    return
  }
  world.update(({ entities }) => {
    const row = entities.get(`e${done % ROWS}`)
    if (row === undefined) throw new Error('The world has lost a row.')
    // In eighths, another one each time that it comes to this row.
    row.x = (done % 8000) / 8
  })
}

/** Timers are late; what they have missed is made up for, so that the rate is kept. */
function stream(): void {
  if (perSecond === 0) return
  const due = ((performance.now() - start) * perSecond) / 1000
  // One write for all of them: the cores of the machine are the page's, not the system calls'.
  for (const socket of sockets) socket.cork()
  for (let i = 0; i < AT_ONCE && done < due; i++) message()
  for (const socket of sockets) socket.uncork()
  if (done < due) setImmediate(stream)
  else setTimeout(stream, 1)
}

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
  /** Streams from now on. */
  stream() {
    perSecond = STREAM.messages - STREAM.answers
    start = performance.now()
    done = 0
    stream()
  },
  stop() {
    perSecond = 0
  },
  sent(): Sent {
    const { sentMessages, conflations } = host.health()
    return { messages: sentMessages, merged: conflations }
  },
})
