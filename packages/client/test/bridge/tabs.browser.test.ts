import { afterEach, describe, expect, test, vi } from 'vitest'
import { holdLock, stealLock, tryLock } from '../../src/bridge/tabs/hold-lock.ts'
import { watchPresence } from '../../src/bridge/tabs/presence.ts'
import { sharingName } from '../../src/bridge/tabs/sharing-name.ts'
import { watchPulse } from '../../src/bridge/tabs/watch-pulse.ts'
import { type Client, type ClientMode, type ClientOptions, createClient } from '../../src/index.ts'
import { watchLock } from '../../src/watch-lock.ts'
import { eventually } from '../support/eventually.ts'
import { FleetStore, makeFleet, Rename } from '../support/fleet.ts'
import { failureOf } from '../support/page.ts'
import { CONFIG } from '../support/rig.ts'

// Every client of a page counts as a tab. Tabs in the full sense: interop/test/tabs.node.test.ts.

const clients = new Set<Client>()
let identities = 0

afterEach(async () => {
  await Promise.all([...clients].map((client) => client.dispose()))
  clients.clear()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A client of a host that does not exist. */
function open(options: Partial<ClientOptions>): { client: Client; errors: Error[] } {
  const errors: Error[] = []
  const client = createClient({
    url: 'http://127.0.0.1:9',
    onError: (e) => errors.push(e),
    reconnect: { minMs: 60_000, maxMs: 60_000 },
    ...options,
  })
  clients.add(client)
  return { client, errors }
}

const scripted = (): Worker => new Worker(new URL('../support/scripted-worker.ts', import.meta.url), { type: 'module' })

/** Where the engines of two clients run that could share, in the order of their start. */
const topologies: readonly (readonly [string, Partial<ClientOptions>, ClientMode, ClientMode])[] = [
  ['own', {}, 'worker', 'worker'],
  ['on the page', { worker: 'inline' }, 'inline', 'inline'],
  ['shared', { tabs: 'shared' }, 'shared-worker', 'shared-worker'],
  ['leader', { tabs: 'leader' }, 'leader', 'follower'],
  ['leader, on its page', { tabs: 'leader', worker: 'inline' }, 'leader', 'follower'],
  ['auto', { tabs: 'auto' }, 'shared-worker', 'shared-worker'],
]

describe.each(topologies)('%s', (_name, options, firstMode, secondMode) => {
  const pair = async (): Promise<[Client, Client]> => {
    const identity = `test ${identities++}`
    const first = open({ ...options, identity }).client
    await expect(first.mode).resolves.toBe(firstMode)
    const second = open({ ...options, identity }).client
    await expect(second.mode).resolves.toBe(secondMode)
    return [first, second]
  }

  test('each client hears of the connection, of its own paths and of its own calls', async () => {
    for (const client of await pair()) {
      await eventually(() => expect(client.connection.get()).toMatchObject({ error: { code: 'disconnected' } }))
      const store = client.store(FleetStore)
      store.subscribe('title', () => undefined)
      await eventually(() => expect(store.status('title')).toBe('loading'))
      const call = client.call(Rename, { id: '', name: '' }, { timeoutMs: 50 })
      await expect(call).rejects.toMatchObject({ code: 'timeout' })
      const given = new AbortController()
      const another = failureOf(client.call(Rename, { id: '', name: '' }, { signal: given.signal }))
      given.abort()
      expect(await another).toMatchObject({ code: 'aborted' })
    }
  })

  test('the first one ends, with all that is pending; the second goes on', async () => {
    const [first, second] = await pair()
    const call = failureOf(first.call(Rename, { id: '', name: '' }))
    await first.dispose()
    expect(await call).toMatchObject({ code: 'disposed' })
    expect(first.connection.get().state).toBe('disposed')
    const store = second.store(FleetStore)
    store.subscribe('title', () => undefined)
    await eventually(() => expect(second.connection.get()).toMatchObject({ error: { code: 'disconnected' } }))
    await eventually(async () => {
      const late = second.call(Rename, { id: '', name: '' }, { timeoutMs: 50 })
      await expect(late).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('50 ms') as string })
    })
  })

  test('a client that is disposed while it starts leaves nothing that runs', async () => {
    const identity = `test ${identities++}`
    const { client } = open({ ...options, identity })
    const mode = failureOf(client.mode)
    await client.dispose()
    expect(await mode).toMatchObject({ code: 'disposed' })
    await eventually(async () => {
      const { held = [] } = await navigator.locks.query()
      expect(held.map(({ name }) => name).filter((name) => name?.includes(':leader'))).toEqual([])
    })
  })
})

describe('where sharing does not work', () => {
  test('without Web Locks: an engine of its own, and it says so', async () => {
    vi.stubGlobal('isSecureContext', false)
    const { client, errors } = open({ tabs: 'auto' })
    await expect(client.mode).resolves.toBe('worker')
    expect(errors[0]).toMatchObject({ code: 'worker', hint: expect.stringContaining('https') as string })
  })

  test('a SharedWorker whose file is missing: a leader, and it says so', async () => {
    const Real = SharedWorker
    vi.stubGlobal(
      'SharedWorker',
      class extends Real {
        constructor(_url: string | URL, options?: WorkerOptions) {
          super('/no-such-worker.js', options)
        }
      },
    )
    const { client, errors } = open({ tabs: 'auto', identity: `test ${identities++}` })
    await expect(client.mode).resolves.toBe('leader')
    expect(errors[0]).toMatchObject({ code: 'worker', hint: expect.stringContaining('One of the tabs') as string })
  })

  test('a SharedWorker that may not be started: a leader', async () => {
    vi.stubGlobal('SharedWorker', function forbidden(): never {
      throw new DOMException('forbidden', 'SecurityError')
    })
    const { client } = open({ tabs: 'auto', identity: `test ${identities++}` })
    await expect(client.mode).resolves.toBe('leader')
  })

  test('a worker of the app leads, and serves its own page through it', async () => {
    const { client } = open({ tabs: 'auto', worker: scripted, identity: `test ${identities++}` })
    await expect(client.mode).resolves.toBe('leader')
    const store = client.store(FleetStore)
    await store.ready()
    expect(store.get()).toEqual(makeFleet())
  })
})

describe('the parts', () => {
  test('a lock: waited for, tried, stolen, released', async () => {
    const name = `lock ${identities++}`
    const never = new AbortController()
    const first = await holdLock(name, never.signal)
    expect(await tryLock(name)).toBeNull()
    const giveUp = new AbortController()
    const waiting = failureOf(holdLock(name, giveUp.signal))
    giveUp.abort(new Error('enough'))
    expect(await waiting).toMatchObject({ message: 'enough' })
    const thief = await stealLock(name)
    await first.stolen
    // What was stolen can be released, to no effect.
    first.release()
    expect(await tryLock(name)).toBeNull()
    const gone = vi.fn<() => void>()
    watchLock(name, gone)
    const stopped = vi.fn<() => void>()
    watchLock(name, stopped)()
    expect(gone).not.toHaveBeenCalled()
    thief.release()
    await eventually(() => expect(gone).toHaveBeenCalledTimes(1))
    const again = await eventually(async () => {
      const lock = await tryLock(name)
      expect(lock).not.toBeNull()
      return lock
    })
    expect(stopped).not.toHaveBeenCalled()
    again?.release()
  })

  test('a name: the same for the same options and identity, and it tells neither', async () => {
    const name = (identity: string, path = '/socket'): Promise<string> =>
      sharingName({ config: { ...CONFIG, path }, tabs: { how: 'auto', identity } })
    const secret = await name('a secret token')
    expect(await name('a secret token')).toBe(secret)
    expect(secret).not.toContain('secret')
    expect(new Set([secret, await name('another'), await name('a secret token', '/other')]).size).toBe(3)
  })

  test('a page that is put away is not awake until it is back, and is away once', async () => {
    const ending = new AbortController()
    const away = vi.fn<() => void>()
    const presence = watchPresence(ending.signal, away)
    await presence.awake()
    document.dispatchEvent(new Event('freeze'))
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    expect(away).toHaveBeenCalledTimes(1)
    const awake = vi.fn<() => void>()
    const waiting = presence.awake().then(awake)
    await Promise.resolve()
    expect(awake).not.toHaveBeenCalled()
    document.dispatchEvent(new Event('resume'))
    await waiting
    ending.abort()
    document.dispatchEvent(new Event('freeze'))
    await presence.awake()
    expect(away).toHaveBeenCalledTimes(1)
  })

  test('a page that is only rendered in advance waits until it is shown', async () => {
    const ending = new AbortController()
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
    const presence = watchPresence(ending.signal, () => undefined)
    Reflect.deleteProperty(document, 'prerendering')
    const awake = vi.fn<() => void>()
    const waiting = presence.awake().then(awake)
    await new Promise((later) => setTimeout(later, 0))
    expect(awake).not.toHaveBeenCalled()
    document.dispatchEvent(new Event('prerenderingchange'))
    await waiting
    ending.abort()
  })

  test('a pulse: answers keep it, errors too; silence is told once', async () => {
    vi.useFakeTimers()
    const silent = vi.fn<() => void>()
    let answers = 0
    const stop = watchPulse(() => (answers++ % 2 === 0 ? Promise.resolve() : Promise.reject(new Error('no'))), silent)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([answers > 10, silent.mock.calls.length]).toEqual([true, 0])
    stop()
    const deaf = watchPulse(() => new Promise(() => undefined), silent)
    await vi.advanceTimersByTimeAsync(9000)
    expect(silent).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(silent).toHaveBeenCalledTimes(1)
    deaf()
  })
})
