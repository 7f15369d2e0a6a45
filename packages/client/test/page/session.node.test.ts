import { RivuletError } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClient } from '../../src/index.ts'
import { createClientWith } from '../../src/page/create-client.ts'
import type { EngineLink } from '../../src/bridge/engine-link.ts'
import type { ClientMode, ClientOptions } from '../../src/page/types.ts'
import type { PageHooks } from '../../src/protocol.ts'
import { createFakeEngine, type FakeEngine } from '../support/fake-engine.ts'
import { Bell, FleetStore, Horn, makeFleet, Rename } from '../support/fleet.ts'
import { eventually } from '../support/eventually.ts'
import { closePages, failureOf, liveOn, openPage } from '../support/page.ts'

afterEach(async () => {
  await closePages()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const nothing = (): void => undefined
const url = 'http://localhost:1'

describe('a credit', () => {
  /** A page whose engine says that it runs in this mode, and the link between them. */
  async function open(mode: ClientMode): Promise<{ readonly fake: FakeEngine; readonly link: EngineLink }> {
    const fake = createFakeEngine()
    let link: EngineLink | undefined
    const start: FakeEngine['start'] = async (request) => (link = { ...(await fake.start(request)), mode })
    const { store } = openPage({}, { ...fake, start })
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.credits).toBe(1))
    return { fake, link: link as EngineLink }
  }

  test('says when it was granted, and how many patches had come by then', async () => {
    const before = Date.now()
    const { fake } = await open('worker')
    expect(fake.granted.at(-1)).toEqual({ type: 'credit', patches: 0, at: expect.any(Number) })
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(fake.granted.at(-1)).toMatchObject({ patches: 1 }))
    // Only patches count, although every message is answered.
    fake.post({ type: 'connection', status: { state: 'connected', since: 5, attempt: 0, clockOffset: 3 } })
    await eventually(() => expect(fake.credits).toBe(3))
    expect(fake.granted.at(-1)).toMatchObject({ patches: 1 })
    expect(fake.granted.at(-1)?.at).toBeGreaterThanOrEqual(before)
    expect(fake.granted.at(-1)?.at).toBeLessThanOrEqual(Date.now())
  })

  test('counts what could not be read: the engine would wait for ever for it to come', async () => {
    const { fake, link } = await open('worker')
    link.port.dispatchEvent(new Event('messageerror'))
    await eventually(() => expect(fake.granted.at(-1)).toMatchObject({ patches: 1 }))
  })

  test('counts from the beginning again for the next engine', async () => {
    const { fake } = await open('worker')
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(fake.granted.at(-1)).toMatchObject({ patches: 1 }))
    const before = fake.granted.length
    fake.starts[0]?.onGone(new RivuletError('worker', 'gone'))
    await eventually(() => expect(fake.granted[before]).toMatchObject({ patches: 0 }))
    expect(fake.starts).toHaveLength(2)
  })

  test('of a page that has its engine on its own thread does not say when: the page is what keeps the engine waiting', async () => {
    const { fake } = await open('inline')
    expect(fake.granted.at(-1)).toEqual({ type: 'credit', patches: 0 })
  })
})

describe('starting', () => {
  test('pitfall 41: outside a browser (server rendering) nothing runs before somebody wants something', async () => {
    const { client, store, fake } = openPage()
    expect(fake.starts).toHaveLength(0)
    expect(client.connection.get().state).toBe('disconnected')
    store.subscribe('title', nothing)
    expect(fake.starts).toHaveLength(1)
    await expect(client.mode).resolves.toBe('inline')
    await eventually(() => expect(fake.log.at(-1)).toBe('connect()'))
  })

  test('in a browser it starts and connects at once', async () => {
    vi.stubGlobal('document', { addEventListener: nothing, removeEventListener: nothing, visibilityState: 'visible' })
    const { client, fake } = openPage()
    vi.unstubAllGlobals()
    expect(client.connection.get().state).toBe('connecting')
    await eventually(() => expect(fake.log).toEqual(['connect()']))
  })

  test('autoConnect: false starts nothing, whatever is wanted', async () => {
    const { client, store, fake } = openPage({ autoConnect: false })
    store.subscribe('title', nothing)
    client.on(Horn, nothing)
    await Promise.resolve()
    expect(fake.starts).toHaveLength(0)
    client.connect()
    client.connect()
    await eventually(() =>
      expect(fake.log).toEqual(['define(1, fleet)', 'watch(1:title)', 'listen(1, horn)', 'connect()']),
    )
    expect(fake.starts).toHaveLength(1)
  })

  test('disconnect hangs up, and nothing but connect dials again', async () => {
    const { client, store, fake } = openPage()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.log).toContain('connect()'))
    client.disconnect()
    store.subscribe('count', nothing)
    await eventually(() => expect(fake.log).toContain('watch(2:count)'))
    expect(fake.log.filter((entry) => entry === 'connect()')).toHaveLength(1)
    client.connect()
    expect(fake.log.filter((entry) => entry === 'connect()')).toHaveLength(2)
  })

  test('the connection is a value of its own', async () => {
    const { client, fake } = openPage()
    const heard = vi.fn<() => void>()
    const stop = client.connection.subscribe(heard)
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    const status = { state: 'connected', since: 5, attempt: 0, clockOffset: 3 } as const
    fake.post({ type: 'connection', status })
    await eventually(() => expect(client.connection.get()).toEqual(status))
    expect(heard).toHaveBeenCalledTimes(1)
    expect(client.connection.get()).toBe(client.connection.get())
    stop()
    await client.dispose()
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('an engine that cannot start fails everything, typed, and connect() tries again', async () => {
    const fake = createFakeEngine()
    let broken = true
    const start: FakeEngine['start'] = (request) => (broken ? Promise.reject(new Error('no way')) : fake.start(request))
    const { client, store, errors } = openPage({}, { ...fake, start })
    const call = client.call(Rename, { id: '', name: '' })
    store.subscribe('title', nothing)
    await expect(call).rejects.toMatchObject({ code: 'worker', message: 'no way' })
    await expect(client.mode).rejects.toMatchObject({ code: 'worker' })
    expect(store.status('title')).toBe('error')
    expect(client.connection.get()).toMatchObject({ state: 'disconnected', error: { code: 'worker' } })
    expect(errors).toHaveLength(1)
    await expect(client.call(Rename, { id: '', name: '' })).rejects.toMatchObject({ code: 'worker' })
    broken = false
    client.connect()
    await eventually(() => expect(fake.log).toContain('watch(1:title)'))
  })

  test('disposed during the start, the late engine is stopped', async () => {
    const fake = createFakeEngine()
    let go: () => void = nothing
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const { client } = openPage({}, { ...fake, start: (request) => gate.then(() => fake.start(request)) })
    client.connect()
    await client.dispose()
    await expect(client.mode).rejects.toMatchObject({ code: 'disposed' })
    go()
    await eventually(() => expect(fake.terminated).toBe(1))
    expect(fake.log).toEqual(['dispose()'])
  })
})

describe('a worker that dies', () => {
  test('after a long life is started again, with everything it has to know', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { client, store, fake, errors } = openPage()
    fake.load(FleetStore, makeFleet())
    const heard = vi.fn<() => void>()
    store.subscribe('title', heard)
    store.subscribe(['boats', 'a'], nothing)
    client.on(Bell, 'k', nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    await vi.advanceTimersByTimeAsync(61_000)
    const call = client.call(Rename, { id: '', name: '' })
    const lost = failureOf(call)
    fake.dead = true
    fake.starts[0]?.onTrouble(new RivuletError('worker', 'it crashed'))
    await vi.advanceTimersByTimeAsync(4000)
    expect(fake.starts).toHaveLength(1)
    fake.dead = false
    const before = fake.log.length
    await vi.advanceTimersByTimeAsync(1100)
    expect(await lost).toMatchObject({ code: 'worker' })
    expect(fake.starts).toHaveLength(2)
    expect(fake.terminated).toBe(1)
    expect(fake.log.slice(before)).toEqual([
      'define(1, fleet)',
      'watch(1:title 2:boats.a)',
      'listen(1, bell, k)',
      'connect()',
    ])
    expect(errors.map((e) => e.message)).toEqual(['it crashed', 'the worker has not answered for 5 seconds'])
    expect(store.get('title')).toBe('Harbour')
    await eventually(() => expect(store.status('title')).toBe('live'))
  })

  test('soon after its start stays dead, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { client, store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    fake.dead = true
    fake.starts[0]?.onTrouble(new RivuletError('worker', 'it crashed'))
    await vi.advanceTimersByTimeAsync(5100)
    expect(fake.starts).toHaveLength(1)
    expect(store.status('title')).toBe('error')
    expect(store.statusError('title')?.code).toBe('worker')
    expect(store.get('title')).toBe('Harbour')
    expect(client.connection.get().error?.code).toBe('worker')
    await expect(client.call(Rename, { id: '', name: '' })).rejects.toMatchObject({ code: 'worker' })
  })

  test('an error event of a worker that still answers is reported and no more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { store, fake, errors } = openPage()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.starts[0]?.onTrouble(new RivuletError('worker', 'a hiccup'))
    await vi.advanceTimersByTimeAsync(6000)
    expect(errors).toHaveLength(1)
    expect(fake.starts).toHaveLength(1)
    expect(fake.terminated).toBe(0)
  })

  test('does not keep dispose waiting', async () => {
    const { client, fake } = openPage()
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.dead = true
    await client.dispose()
    expect(fake.terminated).toBe(1)
  })
})

describe('problems', () => {
  test('of the engine reach onError; without one the console, each message once', async () => {
    const written = vi.spyOn(console, 'error').mockImplementation(nothing)
    const fake = createFakeEngine()
    const client = createClientWith({ url }, liveOn(fake.start))
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.post({ type: 'error', error: { code: 'protocol', what: 'odd', store: 'fleet' } })
    fake.post({ type: 'error', error: { code: 'protocol', what: 'odd', store: 'fleet' } })
    fake.post({ type: 'error', error: { code: 'protocol', what: 'odder' } })
    await eventually(() => expect(written).toHaveBeenCalledTimes(2))
    expect(written.mock.calls[0]?.[0]).toMatchObject({ code: 'protocol', store: 'fleet' })
    await client.dispose()
  })

  test('an unknown message is a protocol error', async () => {
    const { client, fake, errors } = openPage()
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.post({ type: 'surprise' } as never)
    await eventually(() => expect(errors[0]).toMatchObject({ code: 'protocol' }))
  })

  test('an onError that throws breaks nothing', async () => {
    const report = vi.fn<(e: unknown) => void>()
    vi.stubGlobal('reportError', report)
    const { client, fake } = openPage({
      onError() {
        throw new Error('mine')
      },
    })
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.post({ type: 'error', error: { code: 'protocol', what: 'odd' } })
    await eventually(() => expect(report).toHaveBeenCalledTimes(1))
    vi.unstubAllGlobals()
  })
})

describe('options', () => {
  test.each<[string, Partial<ClientOptions>]>([
    ['url', { url: '' }],
    ['url', { url: 'ftp://x' }],
    ['url', { url: 'http://x/namespace' }],
    ['path', { path: 'socket' }],
    ['transports', { transports: [] }],
    ['transports', { transports: ['pigeon' as never] }],
    ['delivery', { delivery: 'fast' as never }],
    ['worker', { worker: 'shared' as never }],
    ['callTimeoutMs', { callTimeoutMs: 0 }],
    ['authenticateTimeoutMs', { authenticateTimeoutMs: 0 }],
    ['graceMs', { graceMs: Number.NaN }],
    ['workerStartTimeoutMs', { workerStartTimeoutMs: Infinity }],
    ['sessions', { sessions: 'yes' as never }],
    ['sessions', { sessions: null as never }],
    ['sessions.attachTimeoutMs', { sessions: { attachTimeoutMs: 0 } }],
    ['sessions.trustResume', { sessions: { trustResume: 1 as never } }],
    ['reconnect.minMs', { reconnect: { minMs: 10, maxMs: 5 } }],
    ['onError', { onError: 'log' as never }],
    ['authenticate', { authenticate: {} as never }],
  ])('a wrong %s is a config error that names it', (name, options) => {
    expect(() => createClient({ url, ...options })).toThrow(
      expect.objectContaining({ code: 'config', message: expect.stringContaining(name) as string }) as Error,
    )
  })

  test('feature 169: reach the engine with their defaults', async () => {
    const { client, fake } = openPage({ url: 'https://example.com/', graceMs: 7 })
    client.connect()
    await client.mode
    expect(fake.starts[0]?.config).toEqual({
      url: 'https://example.com',
      path: '/socket',
      transports: ['websocket'],
      hasAuth: false,
      hasAuthenticate: false,
      authenticateTimeoutMs: 30_000,
      delivery: 'safe',
      reconnectMinMs: 500,
      reconnectMaxMs: 10_000,
      callTimeoutMs: 30_000,
      graceMs: 0,
      maxCallsInFlight: 128,
      maxCallsQueued: 4096,
      // These tests are no production build.
    })
  })

  test.each([
    [true, { attachTimeoutMs: 10_000, trustResume: false }],
    [
      { attachTimeoutMs: 500, trustResume: true },
      { attachTimeoutMs: 500, trustResume: true },
    ],
    [false, undefined],
  ])('sessions: %j', async (sessions, expected) => {
    const { client, fake } = openPage({ sessions })
    client.connect()
    await client.mode
    expect(fake.starts[0]?.config.sessions).toEqual(expected)
  })

  test('hooks run the app’s login and turn its failure into data', async () => {
    const hooks = async (options: Partial<ClientOptions>): Promise<PageHooks> => {
      const { client, fake } = openPage(options)
      client.connect()
      await client.mode
      const start = fake.starts[0]
      if (start === undefined) throw new Error('not started')
      return start.hooks
    }
    const link = { emit: () => Promise.resolve(), once: () => Promise.resolve([]) }
    const good = await hooks({ auth: { token: 1 }, authenticate: (l) => l.emit('hi') })
    expect(await good.auth()).toEqual({ token: 1 })
    expect(await good.authenticate(link)).toBeNull()
    const bad = await hooks({
      auth: () => Promise.resolve({ token: 2 }),
      authenticate() {
        throw new Error('wrong password')
      },
    })
    expect(await bad.auth()).toEqual({ token: 2 })
    expect(await bad.authenticate(link)).toEqual({ code: 'unauthenticated', what: 'wrong password' })
    expect(await (await hooks({})).auth()).toEqual({})
  })
})
