import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Delta, encodeDelta, encodeState, encodeValue } from '@rivulet/wire'
import { Server, type Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/create-engine.ts'
import type {
  ConnectionStatus,
  EngineConfig,
  EngineControl,
  EngineMessage,
  LoginLink,
  PlainError,
} from '../../src/protocol.ts'
import { Add, board, BoardStore, Poke, Sound, Tick, types } from '../support/board.ts'
import { inspect, rebuilt } from '../support/inspected.ts'
import { PageModel } from '../support/page-model.ts'
import { CONFIG, NO_HOOKS } from '../support/rig.ts'
import { eventually } from '../support/eventually.ts'

/** A real Socket.IO server that speaks ReStream by hand, and a real MessagePort between engine and page. */

let io: Server
let url: string
const sockets: Socket[] = []
let engine: EngineControl
let page: PageModel
let port: MessagePort
let statuses: ConnectionStatus[]
let errors: PlainError[]
let events: { listener: number; time: number; bytes: ArrayBuffer }[]

beforeEach(async () => {
  const http = createServer()
  io = new Server(http, { path: '/socket', serveClient: false })
  io.on('connection', (socket) => void sockets.push(socket))
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})

afterEach(async () => {
  await engine.dispose()
  port.close()
  await io.close()
  sockets.length = 0
})

async function start(config: Partial<EngineConfig> = {}, hooks = NO_HOOKS): Promise<void> {
  const channel = new MessageChannel()
  port = channel.port1
  page = new PageModel()
  statuses = []
  errors = []
  events = []
  port.addEventListener('message', ({ data }: MessageEvent<EngineMessage>) => {
    if (data.type === 'patch') page.take(data.buffer)
    else if (data.type === 'connection') statuses.push(data.status)
    else if (data.type === 'error') errors.push(data.error)
    else if (data.type === 'event') events.push(data)
    port.postMessage({ type: 'credit' })
  })
  port.start()
  port.postMessage({ type: 'credit' })
  engine = createEngine()
  await engine.start(
    { ...CONFIG, url, path: '/socket', reconnectMinMs: 10, reconnectMaxMs: 50, ...config },
    channel.port2,
    hooks,
  )
  await engine.define(0, BoardStore)
}

const state = (): string | undefined => statuses.at(-1)?.state
const full = (socket: Socket, value = board()): void => {
  socket.emit('storeupdate', {
    time: Date.now(),
    kind: 0,
    storeName: 'BoardStore',
    state: Buffer.from(encodeState(BoardStore, value)),
  })
}
const partial = (socket: Socket, delta: Delta): void => {
  socket.emit('storeupdate', {
    time: Date.now(),
    kind: 2,
    storeName: 'BoardStore',
    partial: Buffer.from(encodeDelta(BoardStore, delta)),
  })
}

describe.each([['websocket'], ['polling']] as const)('over %s', (transport) => {
  test.each(['disconnect', 'dispose'] as const)('what was said right before %s() arrives', async (how) => {
    await start({ transports: [transport] })
    const heard: string[] = []
    let gone = false
    io.on('connection', (socket) => {
      socket.on('ffrpc', ({ methodName }: { methodName: string }) => heard.push(methodName))
      socket.on('disconnect', () => (gone = true))
    })
    await engine.connect()
    await eventually(() => expect(state()).toBe('connected'))
    const sends = Promise.all([engine.send(Poke, { x: 1, y: 0 }), engine.send(Poke, { x: 2, y: 0 })])
    await engine[how]()
    expect(await sends).toEqual([null, null])
    await eventually(() => expect(gone).toBe(true))
    expect(heard).toEqual([Poke.name, Poke.name])
  })

  test('features 31, 32, 47, 53, 54, 59, 139 and 146: subscribes, follows, calls, sends, hears events, and comes back after both kinds of close', async () => {
    await start({ transports: [transport] })
    page.watch(1, BoardStore, [])
    await engine.watch([{ id: 1, store: 0, path: [] }])
    await engine.listen(1, Tick)
    await engine.listen(2, Sound, 'k')
    io.on('connection', (socket) => {
      socket.on('storesub', (m: { action: number }) => {
        if (m.action === 0) full(socket)
      })
      socket.on('rpccall', ({ callID, request }: { callID: number; request: Buffer }) => {
        const result = (request[0] ?? 0) + (request[1] ?? 0)
        const response = encodeValue(types, { kind: 'struct', ref: 'test.AddResponse' }, { result, error: null })
        socket.emit('rpccallresp', { callID, response: Buffer.from(response), error: null })
      })
      socket.on('ffrpc', ({ methodName, request }: { methodName: string; request: Buffer }) => {
        socket.emit('event', { time: 7, eventName: 'Tick', event: request.subarray(0, 1) })
        socket.emit('keyedevent', {
          time: 8,
          storeName: 'BoardStore',
          eventName: 'Board.Sound',
          key: 'k',
          event: Buffer.from(methodName),
        })
      })
    })
    await engine.connect()
    await eventually(() => expect(page.get(1)).toMatchObject({ status: 'live', value: board() }))
    const first = sockets[0] as Socket
    partial(first, { title: { set: 'second' } })
    await eventually(() => expect(page.get(1).value).toMatchObject({ title: 'second' }))
    const result = await engine.call(1, Add, { x: 2, y: 40 }, 5000)
    expect(result.ok && [...new Uint8Array(result.bytes)]).toEqual([42, 1])
    expect(await engine.send(Poke, { x: 9, y: 0 })).toBeNull()
    await eventually(() => expect(events).toHaveLength(2))
    expect(events.map((e) => [e.listener, e.time])).toEqual([
      [1, 7],
      [2, 8],
    ])
    expect([...new Uint8Array((events[0] as { bytes: ArrayBuffer }).bytes)]).toEqual([9])

    const updates = page.get(1).updates
    first.disconnect(true)
    await eventually(() => expect(sockets).toHaveLength(2))
    await eventually(() => expect(page.get(1)).toMatchObject({ status: 'live', value: { title: 'first' } }))
    expect(page.get(1).updates).toBe(updates + 1)
    sockets[1]?.conn.close()
    await eventually(() => expect(sockets).toHaveLength(3))
    await eventually(() => expect(state()).toBe('connected'))
    expect(errors).toEqual([])
    const offset = statuses.at(-1)?.clockOffset
    expect(offset === null || typeof offset === 'number').toBe(true)
  })
})

test('auth and a login of the app, refused first, then accepted', async () => {
  let attempts = 0
  io.use((socket, next) => next(socket.handshake.auth['token'] === 2 ? undefined : new Error('bad token')))
  io.on('connection', (socket) => {
    socket.on('login', (name: string) => socket.emit('welcome', `hello ${name}`, Buffer.from([1])))
  })
  let heard: readonly unknown[] = []
  await start(
    { hasAuth: true, hasAuthenticate: true },
    {
      auth: async () => ({ token: ++attempts }),
      authenticate: async (link: LoginLink) => {
        await link.emit('login', 'ada')
        heard = await link.once('welcome')
        return null
      },
    },
  )
  await engine.connect()
  await eventually(() => expect(state()).toBe('connected'))
  expect(statuses.some((s) => s.error?.code === 'unauthenticated' && s.error.what.includes('bad token'))).toBe(true)
  expect(heard[0]).toBe('hello ada')
  expect(sockets).toHaveLength(1)
})

test('nobody listens: it keeps trying, says so, and dispose ends it', async () => {
  await start({ url: 'http://127.0.0.1:1' })
  await engine.connect()
  await eventually(() => expect(statuses.filter((s) => s.state === 'connecting').length).toBeGreaterThan(2))
  expect(statuses.find((s) => s.state === 'disconnected')?.error).toMatchObject({ code: 'disconnected' })
  await engine.dispose()
  await eventually(() => expect(state()).toBe('disposed'))
})

test('pitfall 54: feature 187: a host that drops the connection on an unknown method', async () => {
  io.on('connection', (socket) => {
    socket.on('rpccall', () => socket.conn.close())
  })
  await start()
  await engine.connect()
  await eventually(() => expect(state()).toBe('connected'))
  const result = await engine.call(1, Add, { x: 1, y: 1 }, 5000)
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'disconnected', hint: expect.stringContaining('BoardStore.Add') },
  })
  await eventually(() => expect(sockets).toHaveLength(2))
})

test('feature 42: a storm of reconnects leaves one connection with each key once', async () => {
  const subs = new Map<Socket, unknown[]>()
  io.on('connection', (socket) => {
    subs.set(socket, [])
    socket.on('storesub', (m) => {
      subs.get(socket)?.push(m)
      full(socket)
      if (subs.size < 15) socket.disconnect(subs.size % 2 === 0)
    })
  })
  await start({ reconnectMinMs: 1, reconnectMaxMs: 5 })
  page.watch(1, BoardStore, ['title'])
  await engine.watch([{ id: 1, store: 0, path: ['title'] }])
  await engine.connect()
  await eventually(() => expect(subs.size).toBe(15))
  await eventually(() => expect(page.get(1).status).toBe('live'))
  for (const sent of subs.values()) expect(sent).toEqual([{ storeName: 'BoardStore', action: 0, key: 'Title' }])
  expect(io.engine.clientsCount).toBe(1)
})

test('the tap hears a real socket, and keeps copies: of what is given on, and of views into larger buffers', async () => {
  await start({ ringBytes: 100_000 })
  const inspector = await inspect(engine)
  await engine.connect()
  await eventually(() => expect(state()).toBe('connected'))
  await engine.watch([{ id: 1, store: 0, path: ['title'] }])
  page.watch(1, BoardStore, ['title'])
  const [socket] = sockets as [Socket]
  const pooled = Buffer.from(encodeState(BoardStore, board()))
  const reply = Buffer.from(encodeValue(types, { kind: 'struct', ref: Add.response }, { result: 3, error: null }))
  socket.on('rpccall', ({ callID }: { callID: number }) => socket.emit('rpccallresp', { callID, response: reply }))
  socket.emit('storeupdate', { time: Date.now(), kind: 0, storeName: 'BoardStore', state: pooled })
  expect(await engine.call(1, Add, { x: 1, y: 2 }, 10_000)).toMatchObject({ ok: true })
  await eventually(() => expect(page.get(1).value).toBe('first'))
  const { ring } = inspector.ask({ type: 'ring' })
  const frames = ring.entries.flatMap((entry) =>
    entry.type === 'frame' ? [[entry.dir, entry.kind, entry.seq] as const] : [],
  )
  expect(frames.map(([dir, kind]) => `${dir} ${kind}`).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'in rpccallresp',
    'in storeupdate',
    'out rpccall',
    'out storesub',
  ])
  const payloads = new Map(ring.payloads)
  const bytesOf = (wanted: string): Buffer =>
    Buffer.from(payloads.get(frames.find(([, kind]) => kind === wanted)?.[2] ?? 0) as ArrayBuffer)
  expect(bytesOf('storeupdate').equals(pooled)).toBe(true)
  expect(bytesOf('rpccallresp').equals(reply)).toBe(true)
  expect(bytesOf('rpccall').equals(encodeValue(types, { kind: 'struct', ref: Add.request }, { x: 1, y: 2 }))).toBe(true)
  expect(rebuilt(ring, BoardStore, ring.last)).toEqual(board())
})
