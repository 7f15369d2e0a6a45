import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDataPlane, createHost, createStore, type Host, type HostOptions, type StreamSink } from '@rivulet/server'
import { frameUnit } from '@rivulet/wire'
import { Server as SocketServer, type Socket } from 'socket.io'
import { Add, type Board, board, BoardStore, OtherStore, Poke, row, Sound, Tick, Upload } from '../../support/board.ts'
import type { HostActions, HostReply, HostRequest } from './actions.ts'
import { ADD } from './schema.ts'

// The host of the topology tests: a real one, in a process of its own, which does what the test says over IPC and ends with it.

const http: Server = createServer()
const io = (path: string): SocketServer =>
  new SocketServer(http, { path, serveClient: false, cors: { origin: '*' }, pingInterval: 5000 })
await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
const { port } = http.address() as AddressInfo

const store = createStore(BoardStore, board())
const other = createStore(OtherStore, board({ title: 'other' }))
const sinks = new Map<string, Set<StreamSink>>()
const plane = createDataPlane({
  server: http,
  url: `ws://127.0.0.1:${port}/streams`,
  source({ key }, sink) {
    const all = sinks.get(key) ?? new Set()
    sinks.set(key, all.add(sink))
    return () => all.delete(sink)
  },
})

const keys = new Map<string, Map<string, number>>()
let refusing = false
let accepted = 0
let sessions = 0
let calls: [number, number][] = []
let pokes: [number, number][] = []
let auths: unknown[] = []
let logins: unknown[] = []
let waiting = new Set<() => void>()

function admit(socket: Socket, next: (error?: Error) => void): void {
  if (refusing) {
    next(new Error('not now'))
    return
  }
  accepted++
  auths.push(socket.handshake.auth)
  const mine = new Map<string, number>()
  keys.set(socket.id, mine)
  socket.on('storesub', (message: { readonly storeName: string; readonly key?: string; readonly action: number }) => {
    const { storeName, key = '', action } = message
    if (storeName === 'BoardStore') mine.set(key, (mine.get(key) ?? 0) + (action === 0 ? 1 : -1))
  })
  socket.on('login', (name: unknown) => {
    logins.push(name)
    socket.emit('welcome', name)
  })
  socket.on('disconnect', () => keys.delete(socket.id))
  next()
}

const released = (): Promise<void> => new Promise((done) => waiting.add(done))

function serve(at: SocketServer, options: Partial<HostOptions>): Host {
  at.use(admit)
  const host = createHost({ io: at, stores: [store, other], access: () => 1, logger: null, ...options })
  host.rpc(Add, async ({ x, y }) => {
    calls.push([x, y])
    if (x === ADD.fails) throw new Error('no such square')
    if (x === ADD.waits || x === ADD.retitles) {
      await released()
      if (x === ADD.retitles) store.update((draft) => void (draft.title = `at ${y}`))
      return y
    }
    return x + y
  })
  host.rpc(Upload, ({ bytes }) => bytes.length)
  host.onSend(Poke, ({ x, y }) => void pokes.push([x, y]))
  return host
}

// A host with sessions hears nobody who has none, so there are two.
const servers = [io('/game'), io('/resume')] as const
const hosts = [
  serve(servers[0], { streams: plane.broker }),
  serve(servers[1], {
    sessions: {
      identify: () => ({ ownerID: 'ann', scopeID: 'test' }),
      onLifecycle: ({ kind }) => void (sessions += kind === 'created' ? 1 : 0),
    },
  }),
]

const connected = (): Socket[] => servers.flatMap((server) => [...server.sockets.sockets.values()])

const actions: HostActions = {
  reset() {
    refusing = false
    actions.release()
    accepted = sessions = 0
    calls = []
    pokes = []
    auths = []
    logins = []
    store.replace(board())
  },
  title: (title) => store.update((draft: Board) => void (draft.title = title)),
  row: (id, name, x, y) => store.update((draft) => void draft.items?.set(id, row(name, x, y))),
  removeRow: (id) => store.update((draft) => void draft.items?.delete(id)),
  rows: (count) =>
    store.update((draft) => {
      draft.items = new Map(Array.from({ length: count }, (_, i) => [`r${i}`, row(`row ${i}`, i, -i)]))
    }),
  tick: (n) => hosts.forEach((host) => host.emit(Tick, { n })),
  sound: (key, n) => hosts.forEach((host) => host.keyedEvent(Sound).emit(key, { n })),
  nonsense() {
    for (const socket of connected())
      socket.emit('storeupdate', {
        time: Date.now(),
        kind: 2,
        storeName: 'BoardStore',
        partial: Buffer.from([9, 1, 2]),
      })
  },
  cut: () => servers.forEach((server) => server.disconnectSockets(true)),
  refuse: (value) => void (refusing = value),
  release() {
    const all = waiting
    waiting = new Set()
    for (const done of all) done()
  },
  units(key, from, to, bytes) {
    const all = sinks.get(key) ?? new Set()
    for (const sink of all) {
      for (let n = from; n <= to; n++) {
        const ids = { generation: 1n, sequence: BigInt(n), frameID: BigInt(n), timestamp: BigInt(n) * 1000n }
        sink.send(
          frameUnit({
            streamID: sink.streamID,
            format: 'raw',
            recovery: true,
            ...ids,
            payload: new Uint8Array(bytes).fill(n),
          }),
        )
      }
    }
    return all.size
  },
  report: () => ({
    connections: connected().length,
    accepted,
    polling: connected().filter(({ conn }) => conn.transport.name === 'polling').length,
    keys: [...keys.values()]
      .flatMap((mine) => [...mine].filter(([, count]) => count > 0).map(([key]) => key))
      .toSorted(),
    calls,
    pokes,
    waiting: waiting.size,
    auths,
    logins,
    sessions,
    readers: plane.readers,
    leases: plane.leases,
  }),
}

const reply = (message: HostReply): void => void process.send?.(message)

process.on('message', ({ id, action, args }: HostRequest) => {
  try {
    const run = actions[action] as (...args: readonly unknown[]) => unknown
    reply({ id, result: run(...args) ?? null })
  } catch (e) {
    reply({ id, error: String(e) })
  }
})
process.on('disconnect', () => process.exit())
reply({ id: 0, result: `http://127.0.0.1:${port}` })
