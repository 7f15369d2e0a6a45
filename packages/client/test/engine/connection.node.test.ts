import { describe, expect, test } from 'vitest'
import type { LoginLink, PlainError } from '../../src/protocol.ts'
import { Add, board, BoardStore, Sound } from '../support/board.ts'
import { rig, settled } from '../support/rig.ts'

const states = (r: Awaited<ReturnType<typeof rig>>): string[] => r.statuses.map((s) => s.state)

describe('the connection', () => {
  test('start opens nothing; connect does, once', async () => {
    const r = await rig()
    expect(r.net.sockets).toHaveLength(0)
    await r.engine.connect()
    await r.engine.connect()
    expect(r.net.sockets).toHaveLength(1)
    expect(r.socket.options).toMatchObject({
      url: 'http://host.test',
      path: '/socket',
      transports: ['websocket'],
      auth: {},
    })
    r.socket.receive('connect')
    expect(states(r)).toEqual(['connecting', 'connected'])
    expect(r.statuses.at(-1)).toMatchObject({ attempt: 0, clockOffset: null, since: r.clock.now() })
  })

  test('backs off with jitter between the two bounds, and starts over after a good connection', async () => {
    const r = await rig()
    await r.engine.connect()
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      r.clock.randomValue = i % 2 === 0 ? 0 : 0.999999
      const before = r.net.sockets.length
      const at = r.clock.now()
      r.socket.receive('connect_error', new Error('xhr poll error'))
      while (r.net.sockets.length === before) r.clock.advance(1)
      waits.push(r.clock.now() - at)
    }
    expect(waits.filter((_, i) => i % 2 === 0)).toEqual([100, 100, 100, 100, 100, 100])
    expect(waits.filter((_, i) => i % 2 === 1)).toEqual([400, 1600, 6400, 10_000, 10_000, 10_000])
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connecting', attempt: 13 })
    r.socket.receive('connect')
    r.clock.advance(10_000)
    r.clock.randomValue = 0.999999
    r.socket.receive('disconnect', 'transport close')
    const before = r.net.sockets.length
    r.clock.advance(200)
    expect(r.net.sockets.length).toBe(before + 1)
  })

  test.each(['io server disconnect', 'transport close', 'ping timeout', 'transport error', 'parse error'])(
    'pitfall 53: comes back by itself after %s, with one socket only',
    async (reason) => {
      const r = await rig({ stores: [BoardStore] })
      await r.open()
      await r.watch(1, ['title'])
      const first = r.socket
      first.receive('disconnect', reason)
      expect(r.statuses.at(-1)).toMatchObject({
        state: 'disconnected',
        error: { code: 'disconnected', what: expect.stringContaining(reason) },
      })
      r.clock.advance(10_000)
      expect(r.net.sockets).toHaveLength(2)
      expect(first.connects).toBe(1)
      r.socket.receive('connect')
      expect(r.socket.sent('storesub')).toEqual([{ storeName: 'BoardStore', action: 0, key: 'Title' }])
    },
  )

  test('a host that never answers is given up after 20 s', async () => {
    const r = await rig()
    await r.engine.connect()
    r.clock.advance(20_000)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'timeout' } })
    expect(r.socket.closed).toBe(true)
  })

  test('an address that cannot be one is a config error, and no exception', async () => {
    const r = await rig({
      prepare: () => {
        throw new Error('Invalid URL')
      },
    })
    await r.engine.connect()
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'config', what: 'Invalid URL' } })
  })

  test('what the host refuses in its middleware is told from a network error', async () => {
    const r = await rig()
    await r.engine.connect()
    r.socket.receive('connect_error', Object.assign(new Error('bad token'), { data: undefined }))
    expect(r.statuses.at(-1)?.error).toMatchObject({
      code: 'unauthenticated',
      what: expect.stringContaining('bad token'),
    })
    r.clock.advance(10_000)
    r.socket.receive('connect_error', new Error('websocket error'))
    expect(r.statuses.at(-1)?.error).toMatchObject({
      code: 'disconnected',
      what: expect.stringContaining('websocket error'),
    })
  })

  test('connect() during the wait tries at once, disconnect() ends it', async () => {
    const r = await rig()
    await r.engine.connect()
    r.socket.receive('connect_error', new Error('x'))
    await r.engine.connect()
    expect(r.net.sockets).toHaveLength(2)
    r.socket.receive('connect_error', new Error('x'))
    await r.engine.disconnect()
    r.clock.advance(100_000)
    expect(r.net.sockets).toHaveLength(2)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected' })
    expect(r.statuses.at(-1)?.error).toBeUndefined()
    expect(r.clock.pending).toBe(0)
  })

  test('disconnect() on an open connection: watches go stale, nothing comes back', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    await r.watch(1, ['title'])
    r.partial({ title: { set: 't' } })
    await r.engine.disconnect()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'stale', value: 't' })
    expect(r.socket.closed).toBe(true)
    r.clock.advance(100_000)
    expect(r.net.sockets).toHaveLength(1)
  })

  test('pitfall 55: the clock offset is the best of what was seen, and is told when it changes', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    const send = (time: unknown): void =>
      r.socket.receive('event', { time, eventName: 'Tick', event: new Uint8Array(1) })
    send(r.clock.now() + 500)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connected', clockOffset: 500 })
    const told = r.statuses.length
    send(r.clock.now() + 400)
    send(r.clock.now() + 510)
    send('soon')
    send(Number.NaN)
    expect(r.statuses.length).toBe(told)
    send(r.clock.now() + 700)
    expect(r.statuses.at(-1)?.clockOffset).toBe(700)
  })
})

describe('login', () => {
  test('auth is asked for on every attempt', async () => {
    let n = 0
    const r = await rig({ config: { hasAuth: true }, hooks: { auth: async () => ({ token: ++n }) } })
    await r.engine.connect()
    await settled()
    expect(r.socket.options.auth).toEqual({ token: 1 })
    r.socket.receive('connect_error', new Error('x'))
    r.clock.advance(10_000)
    await settled()
    expect(r.socket.options.auth).toEqual({ token: 2 })
  })

  test('an auth that fails is an error and is tried again', async () => {
    let fail = true
    const auth = (): Promise<Record<string, unknown>> => {
      if (fail) throw new Error('no token yet')
      return Promise.resolve({})
    }
    const r = await rig({ config: { hasAuth: true }, hooks: { auth } })
    await r.engine.connect()
    await settled()
    expect(r.statuses.at(-1)).toMatchObject({
      state: 'disconnected',
      error: { code: 'unauthenticated', what: 'no token yet' },
    })
    fail = false
    r.clock.advance(10_000)
    await settled()
    expect(r.net.sockets).toHaveLength(1)
  })

  test('subscriptions and calls go out after the login, not before', async () => {
    let link: LoginLink | undefined
    let done: (error: PlainError | null) => void = () => undefined
    const authenticate = (l: LoginLink): Promise<PlainError | null> => {
      link = l
      return new Promise((resolve) => (done = resolve))
    }
    const r = await rig({ stores: [BoardStore], config: { hasAuthenticate: true }, hooks: { authenticate } })
    await r.watch(1, ['title'])
    await r.engine.listen(1, Sound, 'k')
    await r.open()
    expect(states(r)).toEqual(['connecting', 'authenticating'])
    await link?.emit('login', 'secret', 7)
    expect(r.socket.emitted).toEqual([['login', 'secret', 7]])
    done(null)
    await settled()
    expect(r.statuses.at(-1)?.state).toBe('connected')
    expect(r.socket.emitted.map(([event]) => event)).toEqual(['login', 'storesub', 'keyedeventsub'])
    await expect(link?.emit('late')).rejects.toMatchObject({ name: 'RivuletError' })
  })

  test('an answer that comes before once() asks for it is not lost', async () => {
    const authenticate = async (link: LoginLink): Promise<PlainError | null> => {
      await link.emit('hello')
      await settled()
      const first = await link.once('challenge')
      const second = await link.once('challenge')
      await link.emit('proof', ...first, ...second)
      return null
    }
    const r = await rig({ config: { hasAuthenticate: true }, hooks: { authenticate } })
    await r.engine.connect()
    r.socket.receive('connect')
    r.socket.receive('challenge', 1)
    await settled()
    r.socket.receive('challenge', 2)
    await settled()
    expect(r.socket.emitted).toEqual([['hello'], ['proof', 1, 2]])
    expect(r.statuses.at(-1)?.state).toBe('connected')
  })

  test('a login that fails, throws, or loses its connection is tried again', async () => {
    const outcomes: ((link: LoginLink) => Promise<PlainError | null>)[] = [
      async () => ({ code: 'unauthenticated', what: 'wrong password' }),
      () => Promise.reject(new Error('boom')),
      async (link) => {
        await link.once('never')
        return null
      },
      async () => null,
    ]
    const r = await rig({
      config: { hasAuthenticate: true },
      hooks: { authenticate: (link) => (outcomes.shift() as (l: LoginLink) => Promise<PlainError | null>)(link) },
    })
    const next = async (): Promise<void> => {
      r.clock.advance(10_000)
      r.socket.receive('connect')
      await settled()
    }
    await r.engine.connect()
    r.socket.receive('connect')
    await settled()
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { what: 'wrong password' } })
    await next()
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'unauthenticated', what: 'boom' } })
    await next()
    expect(r.statuses.at(-1)?.state).toBe('authenticating')
    r.socket.receive('disconnect', 'io server disconnect')
    await settled()
    expect(r.statuses.at(-1)?.state).toBe('disconnected')
    await next()
    expect(r.statuses.at(-1)?.state).toBe('connected')
    expect(r.net.sockets.slice(0, -1).every((s) => s.closed && s.listenerCount() === 0)).toBe(true)
  })

  test('pitfall 51: calls outlive logins that fail, or run into their own timeout; the next login comes by itself, later each time', async () => {
    let mayEnter = false
    let attempts = 0
    const r = await rig({
      config: { hasAuthenticate: true, callTimeoutMs: 0 },
      hooks: {
        authenticate: async () => {
          attempts++
          return mayEnter ? null : { code: 'unauthenticated', what: 'not yet' }
        },
      },
    })
    const patient = r.engine.call(1, Add, { x: 1, y: 1 }, 0)
    const hasty = r.engine.call(2, Add, { x: 2, y: 2 }, 150)
    await r.open()
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      const since = r.clock.now()
      while (r.statuses.at(-1)?.state !== 'connecting' && r.clock.now() < since + 20_000) r.clock.advance(10)
      waits.push(r.clock.now() - since)
      mayEnter = i === 5
      r.socket.receive('connect')
      await settled()
    }
    expect(attempts).toBe(7)
    expect(waits[5]).toBeGreaterThan(4 * (waits[0] as number))
    expect(waits.every((ms) => ms <= 10_000)).toBe(true)
    expect(await hasty).toMatchObject({ ok: false, error: { code: 'timeout', store: 'BoardStore.Add' } })
    expect(r.socket.sent('rpccall')).toMatchObject([{ callID: 1 }])
    r.socket.receive('rpccallresp', { callID: 1, response: new Uint8Array([2, 1]), error: null })
    expect(await patient).toMatchObject({ ok: true })
  })

  test('pitfall 51: feature 52: a login that never ends holds no call beyond its timeout', async () => {
    const r = await rig({
      config: { hasAuthenticate: true },
      hooks: { authenticate: () => new Promise(() => undefined) },
    })
    await r.open()
    const result = r.engine.call(1, Add, { x: 1, y: 1 }, 30_000)
    r.clock.advance(30_000)
    expect(await result).toMatchObject({ ok: false, error: { code: 'timeout' } })
    expect(r.socket.emitted).toEqual([])
  })

  test.each<['auth' | 'authenticate', string]>([
    ['auth', 'connecting'],
    ['authenticate', 'authenticating'],
  ])(
    '%s that never settles: a typed error after its time, another attempt, and no answer from the first',
    async (hook, state) => {
      let settle: (() => void)[] = []
      const asked = (): Promise<never> =>
        new Promise((resolve) => settle.push(() => resolve((hook === 'auth' ? {} : null) as never)))
      const r = await rig({
        config: { hasAuth: hook === 'auth', hasAuthenticate: hook === 'authenticate', authenticateTimeoutMs: 50_000 },
        hooks: { [hook]: asked },
      })
      await r.engine.connect()
      await settled()
      if (hook === 'authenticate') r.socket.receive('connect')
      await settled()
      expect(r.statuses.at(-1)?.state).toBe(state)
      r.clock.advance(49_999)
      expect(r.statuses.at(-1)?.state).toBe(state)
      r.clock.advance(1)
      expect(r.statuses.at(-1)).toMatchObject({
        state: 'disconnected',
        error: {
          code: 'timeout',
          what: expect.stringContaining(`option ${hook}`),
          hint: expect.stringContaining('authenticateTimeoutMs'),
        },
      })
      r.clock.advance(10_000)
      await settled()
      if (hook === 'authenticate') r.socket.receive('connect')
      await settled()
      expect(settle).toHaveLength(2)
      // The first one comes too late for anything.
      settle[0]?.()
      await settled()
      expect(r.statuses.at(-1)?.state).toBe(state)
      settle[1]?.()
      await settled()
      if (hook === 'auth') r.socket.receive('connect')
      expect(r.statuses.at(-1)?.state).toBe('connected')
      r.clock.advance(100_000)
      expect(r.statuses.at(-1)?.state).toBe('connected')
      await r.engine.dispose()
      expect(r.clock.pending).toBe(0)
      settle = []
    },
  )

  test('what a login leaves unread is bounded', async () => {
    let link: LoginLink | undefined
    const r = await rig({
      config: { hasAuthenticate: true },
      hooks: {
        authenticate: (l) => {
          link = l
          return new Promise(() => undefined)
        },
      },
    })
    await r.open()
    for (let i = 0; i < 1000; i++) r.socket.receive('noise', i)
    expect(await link?.once('noise')).toEqual([744])
  })
})

describe('dispose', () => {
  test('pitfall 40: leaves no listener, timer or socket behind, in any state', async () => {
    const ways: ((r: Awaited<ReturnType<typeof rig>>) => Promise<void>)[] = [
      async () => undefined,
      async (r) => r.engine.connect(),
      async (r) => void (await r.open()),
      async (r) => {
        await r.open()
        r.full(board())
        r.socket.receive('disconnect', 'transport close')
      },
      async (r) => {
        await r.open()
        r.raw({ time: 1, kind: 0, storeName: 'BoardStore', state: new Uint8Array([9]) })
        r.raw({ time: 1, kind: 0, storeName: 'BoardStore', state: new Uint8Array([9]) })
      },
      async (r) => {
        await r.open()
        await r.unwatch(1)
      },
    ]
    for (const way of ways) {
      const r = await rig({ stores: [BoardStore] })
      await r.watch(1, [])
      await way(r)
      await r.engine.dispose()
      expect(r.clock.pending).toBe(0)
      expect(r.port.closed).toBe(true)
      expect(r.statuses.at(-1)?.state).toBe('disposed')
      for (const socket of r.net.sockets) {
        expect(socket.listenerCount()).toBe(0)
        expect(socket.closed).toBe(true)
      }
      r.clock.advance(100_000)
      await r.engine.connect()
      await r.engine.watch([{ id: 9, store: 0, path: [] }])
      await r.engine.dispose()
      expect(r.net.sockets.length).toBeLessThanOrEqual(1)
    }
  })

  test('while auth or login is still running: what they answer later has no effect', async () => {
    let auth: (payload: Record<string, unknown>) => void = () => undefined
    const a = await rig({
      config: { hasAuth: true },
      hooks: { auth: () => new Promise((resolve) => (auth = resolve)) },
    })
    await a.engine.connect()
    await settled()
    await a.engine.dispose()
    auth({})
    await settled()
    expect(a.net.sockets).toHaveLength(0)

    let login: (error: PlainError | null) => void = () => undefined
    let link: LoginLink | undefined
    const authenticate = (l: LoginLink): Promise<PlainError | null> => {
      link = l
      return new Promise((resolve) => (login = resolve))
    }
    const b = await rig({ config: { hasAuthenticate: true }, hooks: { authenticate } })
    await b.open()
    const waiting = link?.once('x')
    const [outcome] = await Promise.all([Promise.allSettled([waiting]), b.engine.dispose()])
    expect(outcome[0]).toMatchObject({ status: 'rejected', reason: { code: 'disposed' } })
    login(null)
    await settled()
    expect(b.statuses.at(-1)?.state).toBe('disposed')
  })

  test('pitfall 40: feature 42: replacing connections over and over leaks nothing and doubles nothing', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.watch(1, ['title'])
    await r.engine.listen(1, Sound, 'k')
    await r.engine.connect()
    for (let i = 0; i < 50; i++) {
      r.socket.receive('connect')
      expect(r.socket.emitted.map(([event]) => event)).toEqual(['storesub', 'keyedeventsub'])
      r.partial({ title: { set: `t${i}` } })
      r.clock.advance(6_000)
      r.socket.receive('disconnect', 'transport close')
      r.clock.advance(10_000)
    }
    expect(r.net.sockets.length).toBe(51)
    expect(r.net.sockets.slice(0, -1).every((s) => s.listenerCount() === 0 && s.closed)).toBe(true)
    expect(r.clock.pending).toBe(1)
  })
})
