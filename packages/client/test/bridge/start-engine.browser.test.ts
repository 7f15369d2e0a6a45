import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Client, type ClientOptions, createClient } from '../../src/index.ts'
import { FleetStore, makeFleet, Rename } from '../support/fleet.ts'
import { failureOf } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

const clients = new Set<Client>()
const RealWorker = Worker

afterEach(async () => {
  await Promise.all([...clients].map((client) => client.dispose()))
  clients.clear()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A client of a host that does not exist: what counts here is where its engine runs. */
function open(options: Partial<ClientOptions> = {}): { client: Client; errors: Error[] } {
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

const scripted = (): Worker =>
  new RealWorker(new URL('../support/scripted-worker.ts', import.meta.url), { type: 'module' })

/** Lets only some workers start: the others load a file that is not there. */
function stubWorkers(allowed: (url: string) => boolean): URL[] {
  const urls: URL[] = []
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(url: URL | string, options?: WorkerOptions) {
        urls.push(new URL(url, location.href))
        super(allowed(String(url)) ? url : '/no-such-worker.js', options)
      }
    },
  )
  return urls
}

describe('where the engine runs', () => {
  test('in a real module worker', async () => {
    const { client, errors } = open()
    expect(client.connection.get().state).toBe('connecting')
    await expect(client.mode).resolves.toBe('worker')
    await eventually(() => expect(client.connection.get().error).toBeDefined())
    expect(errors.map((e) => e.message).join()).not.toContain('worker')
  })

  test('when its file cannot be loaded: in a worker from a Blob, and it says why', async () => {
    const urls = stubWorkers((url) => url.startsWith('blob:'))
    const { client, errors } = open()
    await expect(client.mode).resolves.toBe('blob-worker')
    expect(urls.map((url) => url.protocol)).toEqual(['http:', 'blob:'])
    expect(errors[0]).toMatchObject({ code: 'worker', hint: expect.stringContaining('Blob') as string })
    await eventually(() => expect(client.connection.get().error).toBeDefined())
  })

  test('when no worker starts: on the page, and it says why', async () => {
    stubWorkers(() => false)
    const { client, errors } = open()
    await expect(client.mode).resolves.toBe('inline')
    expect(errors).toHaveLength(2)
    expect(errors[1]).toMatchObject({ code: 'worker', hint: expect.stringContaining('runs on the page') as string })
    await eventually(() => expect(client.connection.get().error).toBeDefined())
  })

  test('when workers are forbidden: on the page', async () => {
    vi.stubGlobal('Worker', function forbidden(): never {
      throw new DOMException('forbidden', 'SecurityError')
    })
    await expect(open().client.mode).resolves.toBe('inline')
  })

  test('without workers, or when asked to: on the page at once', async () => {
    await expect(open({ worker: 'inline' }).client.mode).resolves.toBe('inline')
    vi.stubGlobal('Worker', undefined)
    const { client, errors } = open()
    await expect(client.mode).resolves.toBe('inline')
    expect(errors).toEqual([])
  })

  test('a worker of your own that does not start is an error, not a reason to go elsewhere', async () => {
    const { client } = open({ worker: () => new RealWorker('/no-such-worker.js'), workerStartTimeoutMs: 3000 })
    const call = client.call(Rename, { id: '', name: '' })
    await expect(client.mode).rejects.toMatchObject({ code: 'worker' })
    await expect(call).rejects.toMatchObject({ code: 'worker' })
    expect(client.connection.get()).toMatchObject({ state: 'disconnected', error: { code: 'worker' } })
  })
})

describe('through a real worker', () => {
  test('values, calls and hooks cross', async () => {
    const { client } = open({
      worker: scripted,
      auth: () => ({ token: 'secret' }),
      async authenticate(link) {
        await link.emit('login', 1)
        const [event] = await link.once('welcome')
        await link.emit('thanks', event)
      },
    })
    await expect(client.mode).resolves.toBe('custom')
    const store = client.store(FleetStore)
    await store.ready()
    expect(store.get()).toEqual(makeFleet())
    await expect(client.call(Rename, { id: 'x', name: '' })).resolves.toBe(5)
    const heard = vi.fn<() => void>()
    store.subscribe('title', heard)
    await client.call(Rename, { id: 'update', name: '' })
    await eventually(() => expect(store.get('title')).toBe('Updated'))
    await eventually(() => expect(heard).toHaveBeenCalled())
    const told: unknown = await client.call(Rename, { id: 'login', name: '' }).catch((e: unknown) => e)
    expect(JSON.parse((told as Error).message)).toEqual({
      auth: { token: 'secret' },
      problem: null,
      emitted: [
        ['login', 1],
        ['thanks', 'welcome'],
      ],
    })
  })

  test('a login that throws reaches the engine as data', async () => {
    const { client } = open({
      worker: scripted,
      authenticate() {
        throw new Error('wrong password')
      },
    })
    const told: unknown = await client.call(Rename, { id: 'login', name: '' }).catch((e: unknown) => e)
    expect(JSON.parse((told as Error).message)).toMatchObject({
      problem: { code: 'unauthenticated', what: 'wrong password' },
    })
  })

  test('a call that is pending when the client ends rejects, and the worker is gone', async () => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate')
    const { client } = open({ worker: scripted })
    await client.mode
    const call = client.call(Rename, { id: 'hang', name: '' })
    const rejected = failureOf(call)
    await client.dispose()
    expect(await rejected).toMatchObject({ code: 'disposed' })
    expect(terminate).toHaveBeenCalledTimes(1)
  })

  test('arguments that cannot be posted reject, typed', async () => {
    const { client } = open({ worker: scripted })
    await expect(client.call(Rename, { id: 'x', name: (() => 1) as never })).rejects.toMatchObject({
      code: 'invalid-value',
      store: 'rename',
    })
  })

  test('an error in a worker that lives on is reported', async () => {
    const { client, errors } = open({ worker: scripted })
    await client.call(Rename, { id: 'throw', name: '' })
    await eventually(() => expect(errors[0]?.message).toContain('in the worker'))
    await expect(client.call(Rename, { id: 'x', name: '' })).resolves.toBe(5)
  })

  test('two clients have two workers', async () => {
    const a = open({ worker: scripted })
    const b = open({ worker: scripted })
    await Promise.all([a.client.mode, b.client.mode])
    await a.client.dispose()
    await expect(b.client.call(Rename, { id: 'x', name: '' })).resolves.toBe(5)
  })
})
