import { createServer } from 'node:http'
import { type AddressInfo, connect as dial } from 'node:net'
import { encodeValue } from '@rivulet/wire'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHealthChecks, createHost, type HostLogRecord } from '../../src/index.ts'
import { Echo, notesHost, NotesStore, Shout } from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

describe('health', () => {
  test('tells a host that starts from one that serves, drains or is closed', async () => {
    const host = createHost({ port: 0, stores: [], logger: null })
    onTestFinished(() => host.close())
    expect(host.health()).toMatchObject({ status: 'starting', viewers: 0, sessions: 0, queuedMessages: 0 })
    await host.listening
    expect(host.health().status).toBe('ok')
    const closed = host.close()
    expect(host.health().status).toBe('draining')
    await closed
    expect(host.health().status).toBe('closed')
  })

  test('knows sessions whose viewer is away', async () => {
    const app = await sessionHost()
    const page = await app.page()
    await page.attach('', {
      stores: [
        ['NotesStore', 'a'],
        ['NotesStore', 'b'],
      ],
      events: [['NotesStore', 'E', 'k']],
    })
    expect(app.host.health()).toMatchObject({ viewers: 1, sessions: 1, detachedSessions: 0, subscriptions: 3 })
    page.drop()
    await until(() => app.life.length === 3, 'the session to be detached')
    expect(app.host.health()).toMatchObject({ viewers: 0, sessions: 1, detachedSessions: 1, subscriptions: 3 })
  })
})

describe('health checks', () => {
  test('a host with a port of its own answers an orchestrator, and nobody else', async () => {
    const host = createHost({ port: 0, stores: [], logger: null, healthChecks: true })
    onTestFinished(() => host.close())
    const base = `http://localhost:${await host.listening}`
    const [live, ready, other, post] = await Promise.all([
      fetch(`${base}/livez`),
      fetch(`${base}/readyz?verbose`),
      fetch(`${base}/metrics`),
      fetch(`${base}/readyz`, { method: 'POST' }),
    ])
    expect([live.status, ready.status, other.status, post.status]).toEqual([200, 200, 404, 404])
    expect(await ready.json()).toMatchObject({ status: 'ok', viewers: 0, dropped: 0 })
    expect((await fetch(`${base}/readyz`, { method: 'HEAD' })).status).toBe(200)
  })

  test('without that option, nothing is answered', async () => {
    const host = createHost({ port: 0, stores: [], logger: null })
    onTestFinished(() => host.close())
    expect((await fetch(`http://localhost:${await host.listening}/livez`)).status).toBe(404)
  })

  test('in front of a server of yours: not ready while it drains, alive until it is closed', async () => {
    let check: ReturnType<typeof createHealthChecks> = () => false
    const http = createServer((request, reply) => {
      if (!check(request, reply)) reply.end('page')
    }).listen(0)
    onTestFinished(() => void http.close())
    const app = await notesHost({ server: http })
    check = createHealthChecks(app.host, { ready: '/up' })
    const { port } = http.address() as AddressInfo
    const base = `http://localhost:${port}`
    const statuses = async (): Promise<number[]> =>
      Promise.all(['/livez', '/up'].map(async (path) => (await fetch(base + path)).status))
    expect(await statuses()).toEqual([200, 200])
    expect(await (await fetch(`${base}/readyz`)).text()).toBe('page')
    let finish: (text: string) => void = () => undefined
    app.host.rpc({ ...Echo, name: 'Late' }, () => new Promise<string>((resolve) => (finish = resolve)))
    const page = await app.page()
    const call = page.call('x', 'Late')
    await page.call('x', 'Fence')
    const closed = app.host.close({ drainMs: 20_000 })
    expect(await statuses()).toEqual([200, 503])
    finish('done')
    await call
    await closed
    expect(await statuses()).toEqual([503, 503])
  })
})

describe('logs', () => {
  test('are records with a level, a name and fields, for the whole life of a host', async () => {
    const records: HostLogRecord[] = []
    const app = await notesHost({ log: (record) => void records.push(record) })
    app.host.rpc(Echo, () => 7 as never)
    const page = await app.page()
    await page.call('x')
    const [viewer] = app.host.viewers
    page.socket.emit('storesub', null)
    await until(() => page.ended() !== undefined, 'the connection to close')
    await app.host.close()
    expect(records.map(({ level, event }) => `${level} ${event}`)).toEqual([
      'info host.listening',
      'debug viewer.connected',
      'error application.failed',
      'warn viewer.dropped',
      'debug viewer.disconnected',
      'info host.draining',
      'info host.closed',
    ])
    expect(records[3]).toMatchObject({
      viewer: viewer?.id,
      code: 'protocol',
      message: expect.stringContaining('object'),
    })
    expect(records[4]).toMatchObject({ viewer: viewer?.id, reason: expect.stringMatching(/\w/) })
    expect(records[2]?.error).toBeInstanceOf(Error)
    for (const { time, message } of records) {
      expect(Math.abs(Date.now() - time)).toBeLessThan(60_000)
      expect(message).toMatch(/\w+ \w+/)
    }
    // Plain data, but for the errors.
    expect(() => structuredClone(records)).not.toThrow()
  })

  const broken = (): never => {
    throw new Error('the log is full')
  }

  test.each<[string, () => never]>([
    ['throw', broken],
    ['reject', () => Promise.reject(new Error('the log is full')) as never],
  ])('a logger, a record hook and an onError that %s do no harm', async (_, hook) => {
    const app = await notesHost({ logger: { warn: hook, error: hook }, log: hook, onError: hook })
    app.host.rpc(Echo, () => 7 as never)
    app.host.onSend(Shout, broken)
    app.host.onSubscription(NotesStore, broken)
    const [good, bad] = [await app.page(), await app.page()]
    expect((await good.call('x')).refused).toMatchObject({ message: expect.stringContaining('encoded') })
    good.socket.emit('ffrpc', { methodName: 'Shout', request: Buffer.from([0, 0]) })
    good.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await good.messages('storeupdate')
    bad.socket.emit('storesub', null)
    await until(() => bad.ended() !== undefined, 'the connection to close')
    expect((await good.call('on', 'Fence')).result).toBe('on')
  })

  test('the text logger hears of warnings and errors only', async () => {
    const lines: string[] = []
    const logger = { warn: (text: string) => void lines.push(text), error: (text: string) => void lines.push(text) }
    const app = await notesHost({ logger })
    const page = await app.page()
    page.socket.disconnect()
    await until(() => app.host.viewers.length === 0, 'the viewer to go')
    await app.host.close()
    expect(lines).toEqual([])
  })
})

describe('draining', () => {
  async function late(): ReturnType<typeof notesHost> {
    return notesHost({ access: () => 0 })
  }

  test('lets calls finish, and lets nobody new in', async () => {
    const app = await late()
    let finish: (text: string) => void = () => undefined
    app.host.rpc({ ...Echo, name: 'Late' }, () => new Promise<string>((resolve) => (finish = resolve)))
    const page = await app.page()
    const call = page.call('x', 'Late')
    await page.call('x', 'Fence')
    const closed = app.host.close({ drainMs: 5000 })
    expect(app.host.health()).toMatchObject({ status: 'draining', callsInFlight: 1 })
    const newcomer = connect(`http://localhost:${await app.host.listening}`, { path: '/socket', reconnection: false })
    const reason = new Promise((resolve) => newcomer.once('disconnect', resolve))
    expect(await reason).toMatch(/disconnect|close/)
    expect(page.ended()).toBeUndefined()
    finish('done')
    expect((await call).result).toBe('done')
    await closed
    expect(app.warnings).toEqual([])
    await until(() => page.ended() !== undefined, 'the viewer to be told')
  })

  test('begins no call any more, so that viewers who keep calling do not hold it up', async () => {
    const app = await late()
    let finish: () => void = () => undefined
    let ran = 0
    app.host.onSend(Shout, () => new Promise<void>((resolve) => (finish = resolve)))
    app.host.rpc(Echo, () => String(++ran))
    const page = await app.page()
    page.socket.emit('ffrpc', { methodName: 'Shout', request: Buffer.from([0, 0]) })
    await page.fence()
    const closed = app.host.close({ drainMs: 20_000 })
    expect(app.host.health()).toMatchObject({ status: 'draining', sendsInFlight: 1 })
    expect((await page.call('x')).refused).toEqual({ message: 'the host is closing', data: {} })
    page.socket.emit('ffrpc', { methodName: 'Shout', request: Buffer.from([0, 0]) })
    await until(() => app.errors.length === 1, 'the refusal to be reported')
    finish()
    await closed
    expect(ran).toBe(0)
    expect(app.warnings).toEqual([])
  })

  test('ends in time, and says what was left', async () => {
    const app = await late()
    app.host.rpc({ ...Echo, name: 'Never' }, () => new Promise<string>(() => undefined))
    const page = await app.page()
    const request = encodeValue(Echo.types, { kind: 'struct', ref: Echo.request }, { text: 'x' })
    page.socket.emit('rpccall', { callID: 1, methodName: 'Never', request })
    await page.call('x', 'Fence')
    await app.host.close({ drainMs: 50 })
    expect(app.warnings[0]).toContain('work left after 50 ms')
    expect(app.details[0]).toMatchObject({ callsInFlight: 1 })
  })

  test('a peer whose network is gone does not keep a closing host open', async () => {
    const app = await late()
    const page = await app.page()
    page.socket.emit('storesub', { storeName: NotesStore.name, action: 0 })
    await page.messages('storeupdate')
    const { ws } = page.socket.io.engine.transport as unknown as {
      readonly ws: { pause(): void; terminate(): void }
    }
    ws.pause()
    await app.host.close()
    ws.terminate()
    expect(app.host.health()).toMatchObject({ status: 'closed', viewers: 0, subscriptions: 0 })
  })
})

test('a viewer that answers no heartbeat is hung up on, without half a minute of waiting for its goodbye', async () => {
  const io = new Server(0, { path: '/socket', pingInterval: 40, pingTimeout: 100 })
  onTestFinished(() => io.close())
  const app = await notesHost({ io })
  const socket = dial(await app.host.listening, 'localhost')
  let ended = false
  socket.on('close', () => (ended = true))
  let heard = ''
  socket.on('data', (bytes) => (heard += String(bytes)))
  const handshake = [
    'GET /socket/?EIO=4&transport=websocket HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]
  socket.write(`${handshake.join('\r\n')}\r\n\r\n`)
  await until(() => heard.includes('0{"sid"'), 'the handshake')
  // A masked text frame: the Socket.IO connect. After it, not even closing is answered.
  socket.write(Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30))
  await until(() => app.host.viewers.length === 1, 'the viewer to be welcomed')
  await until(() => ended, 'the connection to end', 10_000)
  expect(app.host.viewers).toHaveLength(0)
})
