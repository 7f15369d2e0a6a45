import { connect as dial } from 'node:net'
import { metrics } from '@opentelemetry/api'
import { encodeValue } from '@rivulet/wire'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHost, type HostMeter } from '../../src/index.ts'
import { Echo, Heard, notesHost, NotesStore } from '../support/notes-host.ts'
import { sessionHost } from '../support/session-page.ts'
import { until } from '../support/until.ts'

interface Reading {
  readonly name: string
  readonly value: number
  readonly attributes?: unknown
}

/** A meter that remembers. */
function recorder(): {
  readonly meter: HostMeter
  readonly readings: Reading[]
  readonly read: () => Record<string, number>
} {
  const readings: Reading[] = []
  const gauges: (() => void)[] = []
  const now: Record<string, number> = {}
  const note = (name: string) => (value: number, attributes?: unknown) =>
    void readings.push(attributes === undefined ? { name, value } : { name, value, attributes })
  return {
    readings,
    meter: {
      createCounter: (name) => ({ add: note(name) }),
      createHistogram: (name) => ({ record: note(name) }),
      createObservableGauge: (name) => ({
        addCallback: (callback) => void gauges.push(() => callback({ observe: (value) => void (now[name] = value) })),
      }),
    },
    read() {
      for (const gauge of gauges) gauge()
      return { ...now }
    },
  }
}

describe('telemetry', () => {
  test('a meter of the OpenTelemetry API is one for the host', async () => {
    const app = await notesHost({ meter: metrics.getMeter('test') })
    const page = await app.page()
    expect((await page.call('x', 'Fence')).result).toBe('x')
  })

  test('counts what is sent, merged, dropped and answered, and shows what is held', async () => {
    const { meter, readings, read } = recorder()
    const app = await notesHost({ meter, limits: { queuedMessages: 5 } })
    app.host.rpc(Echo, ({ text }) => {
      if (text === 'fail') throw new Error('no')
      return text
    })
    app.host.rpc({ ...Echo, name: 'High' }, ({ text }) => text, { access: 9 })
    const page = await app.page()
    page.socket.emit('storesub', { storeName: 'NotesStore', action: 0 })
    await page.messages('storeupdate')
    await page.call('x')
    await page.call('fail')
    await page.call('x', 'High')
    const calls = readings.filter(({ name }) => name === 'rivulet.host.call.duration')
    expect(calls.map(({ attributes }) => attributes)).toEqual([
      { method: 'Echo', outcome: 'ok' },
      { method: 'Echo', outcome: 'error' },
      { method: 'High', outcome: 'refused' },
    ])
    expect(calls.every(({ value }) => value >= 0 && value < 5)).toBe(true)
    expect(read()).toEqual({
      'rivulet.host.viewers': 1,
      'rivulet.host.sessions': 0,
      'rivulet.host.subscriptions': 1,
      'rivulet.host.queued': 0,
      'rivulet.host.calls': 0,
    })
    // Within one turn nothing is read.
    for (let i = 0; i < 100; i++) app.notes.update((d) => void (d.count = 100 + i))
    expect(app.host.health().conflations).toBeGreaterThan(50)
    expect(read()['rivulet.host.queued']).toBe(1)
    for (let i = 0; i < 10; i++) app.host.emit(Heard, { text: 'x' })
    await until(() => page.ended() !== undefined, 'the connection to close')
    expect(readings).toContainEqual({ name: 'rivulet.host.drops', value: 1, attributes: { code: 'limit' } })
    const sum = (name: string): number => readings.filter((r) => r.name === name).reduce((all, r) => all + r.value, 0)
    const { sentBytes, sentMessages, conflations, dropped } = app.host.health()
    expect([sentBytes, sentMessages, conflations, dropped]).toEqual(
      ['sent', 'messages', 'conflations', 'drops'].map((name) => sum(`rivulet.host.${name}`)),
    )
    expect(sentBytes).toBeGreaterThan(0)
  })
})

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
