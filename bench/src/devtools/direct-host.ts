import type { EngineSocket, SocketFactory } from '@rivulet/client/parts'
import { decodeValue, encodeDelta, encodeState, encodeValue, formatKey, parseKey, snapshotDelta } from '@rivulet/wire'
import { makeWorld } from '../decode/world.ts'
import { type Ask, Echo, WorldStore, type WorldStoreState } from '../generated/schema.ts'
import { answerTo } from '../rpc/echo.ts'
import { Moved } from './moved-event.ts'
import { createPacedStream, moves, type PacedStream } from './paced-stream.ts'
import { ROWS, type Sent } from './stream.ts'

type Listener = (...args: unknown[]) => void
type Body = Readonly<Record<string, unknown>>

/** A host in the thread of its engine. */
export interface DirectHost extends PacedStream {
  /** For the engine: sockets that lead here, without a network and without Socket.IO. */
  readonly io: SocketFactory
  sent(): Sent
}

/**
 * Makes a host that hands each message to the engine's socket as Socket.IO does when it has parsed one: its listeners are called with an object, in which the bytes are a buffer of their own. The bytes are
 * those of a real host, encoded in advance: what is measured is what follows.
 */
export function createDirectHost(): DirectHost {
  const deltas = moves.map(({ row, x }) =>
    encodeDelta(WorldStore, { entities: { mods: new Map([[`e${row}`, { x: { set: x } }]]) } }),
  )
  const state: WorldStoreState = { entities: makeWorld(ROWS) }
  const xs = new Map<number, number>()
  const keys = new Set<string>()
  const channel = new MessageChannel()
  let next = (): void => undefined
  channel.port1.addEventListener('message', () => next())
  channel.port1.start()
  let socket: DirectSocket | null = null
  let messages = 0

  const send = (event: string, body: Body): void => {
    if (socket === null) return
    messages++
    socket.tell(event, body)
  }

  const subscribe = (key: string): void => {
    keys.add(key)
    const entities = new Map(state.entities)
    for (const [row, x] of xs) {
      const entity = entities.get(`e${row}`)
      if (entity !== undefined) entities.set(entity.id, { ...entity, x })
    }
    const path = parseKey(WorldStore, key)
    const snapshot = path === null ? null : snapshotDelta(WorldStore, { entities }, path)
    const what =
      snapshot === null
        ? { kind: 0, state: ownBuffer(encodeState(WorldStore, { entities })) }
        : { kind: 2, partial: ownBuffer(encodeDelta(WorldStore, snapshot)) }
    send('storeupdate', { time: Date.now(), storeName: WorldStore.name, ...what })
  }

  const take: Readonly<Record<string, (body: Body) => void>> = {
    storesub({ action, key }) {
      const wire = typeof key === 'string' ? key : ''
      if (action === 0) subscribe(wire)
      else keys.delete(wire)
    },
    rpccall({ callID, request }) {
      const asked = decodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, request) as Ask
      const answer = { result: answerTo(asked), error: null }
      const response = ownBuffer(encodeValue(Echo.types, { kind: 'struct', ref: Echo.response }, answer))
      send('rpccallresp', { callID, response, error: null })
    },
  }

  const stream = createPacedStream({
    update(row, x) {
      xs.set(row, x)
      // The page follows all rows by one key; without it nobody does.
      if (!keys.has(ENTITIES)) return
      const partial = ownBuffer(deltas[x * 8] as Uint8Array)
      send('storeupdate', { time: Date.now(), kind: 2, storeName: WorldStore.name, partial })
    },
    event(n) {
      const bytes = encodeValue(Moved.types, { kind: 'struct', ref: Moved.packet }, { text: 'moved', n })
      send('event', { time: Date.now(), eventName: Moved.name, event: ownBuffer(bytes) })
    },
    together: (sendAll) => sendAll(),
    soon(run) {
      next = run
      channel.port2.postMessage(null)
    },
  })

  return {
    ...stream,
    io: () =>
      (socket = createDirectSocket((event, body) => {
        const taker = take[event]
        if (taker === undefined) throw new Error(`This host does not understand ${event}.`)
        taker(body)
      })),
    sent: () => ({ messages, merged: 0, at: performance.now() }),
  }
}

/** The key under which the page follows all rows. */
const ENTITIES = formatKey(WorldStore, ['entities'])

interface DirectSocket extends EngineSocket {
  tell(event: string, body?: Body): void
}

/** A socket that is connected as soon as it is asked to be, and stays so. What it is given reaches the host after whoever gave it is done, as on a network. */
function createDirectSocket(take: (event: string, body: Body) => void): DirectSocket {
  const listeners = new Map<string, Listener>()
  const any = new Set<(event: string, ...args: unknown[]) => void>()
  let open = false
  const tell = (event: string, body?: Body): void => {
    if (!open) return
    for (const listener of any) listener(event, body)
    listeners.get(event)?.(body)
  }
  return {
    tell,
    // The engine has one listener for each event.
    on: (event, listener) => void listeners.set(event, listener),
    off: () => listeners.clear(),
    onAny: (listener) => void any.add(listener),
    offAny: (listener) => (listener === undefined ? any.clear() : void any.delete(listener)),
    emit: (event, body) => queueMicrotask(() => take(event, body as Body)),
    connect() {
      open = true
      queueMicrotask(() => tell('connect'))
    },
    disconnect: () => (open = false),
  }
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer
}
