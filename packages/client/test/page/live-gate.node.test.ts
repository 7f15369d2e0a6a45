import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClientWith } from '../../src/page/create-client.ts'
import type { CreateLive, LoadRequest } from '../../src/page/live.ts'
import type { Client, ClientOptions } from '../../src/page/types.ts'
import { createFakeEngine, type FakeEngine } from '../support/fake-engine.ts'
import { Bell, Blow, FleetStore, Horn, makeFleet, Rename } from '../support/fleet.ts'
import { failureOf, liveOn } from '../support/page.ts'

const nothing = (): void => undefined
const open = new Set<Client>()

afterEach(async () => {
  await Promise.all([...open].map((client) => client.dispose()))
  open.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

interface Slow {
  readonly client: Client
  readonly fake: FakeEngine
  readonly errors: Error[]
  readonly loads: readonly LoadRequest[]
  /** The live part of the last load is there. */
  readonly arrive: () => void
  /** It cannot be loaded. */
  readonly fail: (error: Error) => void
}

/** A client whose live part arrives when the test says so. */
function openSlow(options: Partial<ClientOptions> = {}): Slow {
  const fake = createFakeEngine()
  const errors: Error[] = []
  const loads: LoadRequest[] = []
  let last: { resolve: (create: CreateLive) => void; reject: (error: Error) => void } | undefined
  const client = createClientWith(
    { url: 'http://localhost:1', graceMs: 20, onError: (e) => errors.push(e), ...options },
    (request) => {
      loads.push(request)
      return new Promise((resolve, reject) => {
        last = { resolve, reject }
      })
    },
  )
  open.add(client)
  return {
    client,
    fake,
    errors,
    loads,
    arrive: () => last?.resolve(liveOn(fake.start)(loads[0] as LoadRequest) as CreateLive),
    fail: (error) => last?.reject(error),
  }
}

describe('while the live part is loading', () => {
  test('nothing is loaded before somebody wants something (server rendering)', () => {
    const { client, loads } = openSlow()
    expect(client.store(FleetStore).get('title')).toBe('')
    expect(client.store(FleetStore).status('title')).toBe('idle')
    expect(loads).toHaveLength(0)
  })

  test('in a browser it is loaded at once, with the engine', () => {
    vi.stubGlobal('document', { addEventListener: nothing, removeEventListener: nothing, visibilityState: 'visible' })
    const { client, loads } = openSlow()
    expect(loads.map(({ begin, worker }) => [begin, worker])).toEqual([[true, 'auto']])
    expect(client.connection.get().state).toBe('connecting')
  })

  test('paths are loading, events and calls wait, and all goes out in order', async () => {
    const { client, fake, loads, arrive } = openSlow()
    const store = client.store(FleetStore)
    fake.load(FleetStore, makeFleet())
    const heard = vi.fn<() => void>()
    const statuses: string[] = []
    store.subscribeStatus('title', () => statuses.push(store.status('title')))
    store.subscribe('title', heard)
    client.on(Horn, nothing)
    client.on(Bell, 'a', nothing)
    const call = client.call(Rename, { id: 'a', name: 'Eve' })
    const sent = client.send(Blow, { loud: 3 })
    expect(store.status('title')).toBe('loading')
    expect(statuses).toEqual(['loading'])
    expect(loads).toHaveLength(1)
    arrive()
    await expect(client.mode).resolves.toBe('inline')
    await vi.waitFor(() => expect(store.get('title')).toBe('Harbour'))
    expect(heard).toHaveBeenCalled()
    expect(statuses).toEqual(['loading', 'live'])
    await vi.waitFor(() => expect(fake.calls).toHaveLength(1))
    await sent
    expect(fake.sent).toHaveLength(1)
    expect(fake.listening.size).toBe(2)
    fake.calls[0]?.answer({ ok: false, error: { code: 'rpc', what: 'no' } })
    await expect(call).rejects.toMatchObject({ code: 'rpc' })
  })

  test('what is given up meanwhile never goes out', async () => {
    const { client, fake, arrive } = openSlow()
    const store = client.store(FleetStore)
    const stop = store.subscribe('title', nothing)
    const off = client.on(Horn, nothing)
    const abort = new AbortController()
    const call = failureOf(client.call(Rename, { id: 'a', name: '' }, { signal: abort.signal }))
    stop()
    off()
    abort.abort(new Error('enough'))
    await expect(call).resolves.toMatchObject({ code: 'aborted' })
    expect(store.status('title')).toBe('idle')
    client.disconnect()
    arrive()
    await Promise.resolve()
    client.connect()
    await expect(client.mode).resolves.toBe('inline')
    await vi.waitFor(() => expect(fake.log).toContain('connect()'))
    expect(fake.log).toEqual(['connect()'])
  })

  test('a call takes no longer than it may, and a wrong option is refused', async () => {
    const { client } = openSlow()
    vi.useFakeTimers()
    const call = failureOf(client.call(Rename, { id: 'a', name: '' }, { timeoutMs: 100 }))
    await vi.advanceTimersByTimeAsync(100)
    await expect(call).resolves.toMatchObject({
      code: 'timeout',
      store: Rename.name,
      hint: expect.stringMatching(/never sent/),
    })
    await expect(client.call(Rename, { id: 'a', name: '' }, { timeoutMs: -1 })).rejects.toMatchObject({
      code: 'config',
    })
    const aborted = client.call(Rename, { id: 'a', name: '' }, { signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('dispose rejects what waits, and what arrives later stays unused', async () => {
    const { client, fake, loads, arrive } = openSlow()
    const ready = failureOf(client.store(FleetStore).ready('title'))
    const call = failureOf(client.call(Rename, { id: 'a', name: '' }))
    await client.dispose()
    expect(loads[0]?.signal.aborted).toBe(true)
    for (const failure of [ready, call, failureOf(client.mode)]) {
      await expect(failure).resolves.toMatchObject({ code: 'disposed' })
    }
    expect(client.connection.get().state).toBe('disposed')
    arrive()
    await Promise.resolve()
    expect(fake.starts).toHaveLength(0)
    await expect(client.call(Rename, { id: 'a', name: '' })).rejects.toMatchObject({ code: 'disposed' })
  })
})

describe('when it cannot be loaded', () => {
  test('everything says so, and connect() tries again', async () => {
    const { client, fake, errors, loads, arrive, fail } = openSlow()
    const store = client.store(FleetStore)
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    const call = failureOf(client.call(Rename, { id: 'a', name: '' }))
    const mode = failureOf(client.mode)
    fail(new TypeError('no chunk'))
    await expect(call).resolves.toMatchObject({ code: 'worker' })
    await expect(mode).resolves.toMatchObject({ code: 'worker' })
    expect(store.status('title')).toBe('error')
    expect(store.statusError('title')).toMatchObject({ code: 'worker' })
    expect(client.connection.get()).toMatchObject({ state: 'disconnected', error: { code: 'worker' } })
    expect(errors).toHaveLength(1)
    await expect(client.call(Rename, { id: 'a', name: '' })).rejects.toMatchObject({ code: 'worker' })
    expect(loads).toHaveLength(1)
    client.connect()
    expect(loads).toHaveLength(2)
    arrive()
    await vi.waitFor(() => expect(store.get('title')).toBe('Harbour'))
    expect(store.status('title')).toBe('live')
  })
})
