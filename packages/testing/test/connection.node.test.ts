import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTestServer, type TestServer } from '@rivulet/testing'
import { Add, HarborStore, Horn } from './support/schema.ts'

async function openHarbor(): Promise<{
  server: TestServer
  client: ReturnType<TestServer['client']>
}> {
  const server = createTestServer()
  const client = server.client()
  server.set(HarborStore, { title: 'North', ticks: 1 })
  const harbor = client.store(HarborStore)
  harbor.subscribe('title', () => undefined)
  await server.settled()
  return { server, client }
}

describe('disconnect and reconnect', () => {
  test('a page keeps what it shows as stale, and catches up', async () => {
    const { server, client } = await openHarbor()
    const harbor = client.store(HarborStore)
    server.disconnect()
    await server.settled()
    expect(client.connection.get().state).toBe('disconnected')
    expect(harbor.status('title')).toBe('stale')
    expect(harbor.get('title')).toBe('North')
    expect(server.subscriptions()).toEqual([])
    server.set(HarborStore, { title: 'South' })
    server.reconnect()
    await server.settled()
    expect(client.connection.get()).toMatchObject({ state: 'connected', attempt: 0 })
    expect(harbor.status('title')).toBe('live')
    expect(harbor.get('title')).toBe('South')
    await server.dispose()
  })

  test('in one breath', async () => {
    const { server, client } = await openHarbor()
    const states = new Set<string>()
    client.connection.subscribe(() => void states.add(client.connection.get().state))
    server.disconnect()
    server.reconnect()
    await server.settled()
    expect([...states]).toEqual(['disconnected', 'connecting', 'connected'])
    expect(client.store(HarborStore).status('title')).toBe('live')
    await server.dispose()
  })

  test('what was sent before the disconnect arrives, what is sent after does not', async () => {
    const { server, client } = await openHarbor()
    const heard: number[] = []
    client.on(Horn, ({ at }) => heard.push(at))
    server.emit(Horn, { at: 1 })
    server.disconnect()
    server.emit(Horn, { at: 2 })
    await server.settled()
    server.reconnect()
    await server.settled()
    expect(heard).toEqual([1])
    await server.dispose()
  })

  test('a call that is under way fails', async () => {
    const { server, client } = await openHarbor()
    server.on(Add, () => new Promise<number>(() => undefined))
    const call = client.call(Add, { by: 1 })
    const failure = call.catch((e: unknown) => e)
    await server.settled()
    server.disconnect()
    await server.settled()
    expect(await failure).toMatchObject({ code: 'disconnected' })
    await server.dispose()
  })

  test('a page that hung up itself stays away', async () => {
    const { server, client } = await openHarbor()
    client.disconnect()
    await server.settled()
    expect(server.subscriptions()).toEqual([])
    server.disconnect()
    server.reconnect()
    await server.settled()
    expect(client.connection.get().state).toBe('disconnected')
    client.connect()
    await server.settled()
    expect(client.connection.get().state).toBe('connected')
    await server.dispose()
  })

  test('while the server is away pages try again by themselves', async () => {
    const server = createTestServer()
    const client = server.client({ reconnect: { minMs: 1, maxMs: 5 } })
    server.disconnect()
    client.connect()
    await expect.poll(() => client.connection.get().attempt).toBeGreaterThan(2)
    expect(client.connection.get().state).not.toBe('connected')
    await server.dispose()
  })
})

describe('fake timers', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('settled() needs no clock, whatever of time is fake', async () => {
    vi.useFakeTimers({ toFake: [...EVERYTHING] })
    const { server, client } = await openHarbor()
    const harbor = client.store(HarborStore)
    for (const title of ['South', 'East', 'West']) {
      server.update(HarborStore, (draft) => void (draft.title = title))
      await server.settled()
      expect(harbor.get('title')).toBe(title)
    }
    server.disconnect()
    server.reconnect()
    await server.settled()
    expect(harbor.status('title')).toBe('live')
    vi.useRealTimers()
    await server.dispose()
  })

  test('the clock of the test drives timeouts, grace periods and reconnects', async () => {
    vi.useFakeTimers()
    const server = createTestServer()
    const client = server.client({ graceMs: 5000 })
    const harbor = client.store(HarborStore)
    server.set(HarborStore, { title: 'North' })
    const stop = harbor.subscribe('title', () => undefined)
    await server.settled()

    server.on(Add, () => new Promise<number>(() => undefined))
    const late = client.call(Add, { by: 1 }, { timeoutMs: 60_000 }).catch((e: unknown) => e)
    await server.settled()
    await vi.advanceTimersByTimeAsync(61_000)
    expect(await late).toMatchObject({ code: 'timeout' })

    stop()
    await vi.advanceTimersByTimeAsync(4900)
    await server.settled()
    expect(server.subscriptions()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    await server.settled()
    expect(server.subscriptions()).toEqual([])

    server.disconnect()
    await server.settled()
    expect(client.connection.get().attempt).toBe(0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(client.connection.get().attempt).toBeGreaterThan(2)
    vi.useRealTimers()
    await server.dispose()
  })
})

describe('settled', () => {
  test('resolves at once when nothing is under way, and may be asked twice at the same time', async () => {
    const server = createTestServer()
    await expect(Promise.all([server.settled(), server.settled()])).resolves.toHaveLength(2)
    await server.dispose()
  })

  test('a page and a server that never stop are an error that says so', async () => {
    const { server, client } = await openHarbor()
    const harbor = client.store(HarborStore)
    const stop = harbor.subscribe('ticks', () => server.update(HarborStore, (draft) => void draft.ticks++))
    await expect(server.settled()).rejects.toMatchObject({ code: 'limit', hint: expect.any(String) })
    stop()
    await server.settled()
    await server.dispose()
  })

  test('runs within act, also what is caused by what act has rendered', async () => {
    let inside = false
    const rendered: string[] = []
    const effects: (() => void)[] = []
    const server = createTestServer({
      // What React does: effects run at the end of act.
      act: async (run) => {
        inside = true
        await run()
        for (const effect of effects.splice(0)) effect()
        inside = false
      },
    })
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { title: 'North', ticks: 3 })
    const listen = (path: 'title' | 'ticks', then: () => void): (() => void) =>
      harbor.subscribe(path, () => {
        rendered.push(`${path}=${harbor.get(path)} ${inside ? 'inside' : 'outside'}`)
        effects.push(then)
      })
    listen('title', () => void listen('ticks', () => undefined))
    await server.settled()
    expect(rendered).toEqual(['title=North inside', 'ticks=3 inside'])
    await server.dispose()
  })

  test('an act that throws leaves the server usable', async () => {
    let broken = true
    const server = createTestServer({
      act: async (run) => {
        await run()
        if (broken) throw new Error('not rendered')
      },
    })
    const harbor = server.client().store(HarborStore)
    server.set(HarborStore, { title: 'North' })
    harbor.subscribe('title', () => undefined)
    await expect(server.settled()).rejects.toThrow('not rendered')
    broken = false
    server.set(HarborStore, { title: 'South' })
    await server.settled()
    expect(harbor.get('title')).toBe('South')
    await server.dispose()
  })
})

describe('clients', () => {
  test('each is its own page, with its own options', async () => {
    const server = createTestServer()
    const first = server.client({ delivery: 'exact' }).store(HarborStore)
    const second = server.client({ delivery: 'store' }).store(HarborStore)
    server.set(HarborStore, { boats: new Map([['a', { name: 'Anna', draught: 1 }]]) })
    first.subscribe(['boats', 'a', 'name'], () => undefined)
    second.subscribe(['boats', 'a', 'name'], () => undefined)
    await server.settled()
    expect(server.subscriptions().map(({ path }) => path)).toEqual([['boats', 'a', 'name'], []])
    expect([first, second].map((store) => store.get(['boats', 'a', 'name']))).toEqual(['Anna', 'Anna'])
    await server.dispose()
  })

  test('dispose ends them all; afterwards every method says that the server is gone', async () => {
    const { server, client } = await openHarbor()
    await server.dispose()
    await server.dispose()
    expect(client.connection.get().state).toBe('disposed')
    expect(server.subscriptions()).toEqual([])
    const gone = expect.objectContaining({ code: 'disposed', hint: expect.any(String) })
    expect(() => server.client()).toThrow(gone)
    expect(() => server.set(HarborStore, {})).toThrow(gone)
    expect(() => server.update(HarborStore, () => undefined)).toThrow(gone)
    expect(() => server.emit(Horn, { at: 1 })).toThrow(gone)
  })

  test('a client with an option that cannot work is refused', () => {
    const wrong = { graceMs: -1 }
    expect(() => createTestServer().client(wrong)).toThrow(expect.objectContaining({ code: 'config' }))
  })
})

const EVERYTHING = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
  'performance',
] as const
