import { RivuletError } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readOptions } from '../../src/page/client-config.ts'
import type { ClientOptions } from '../../src/page/types.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeEngine } from '../support/fake-engine.ts'
import { FleetStore, Horn, makeFleet, Rename } from '../support/fleet.ts'
import { closePages, failureOf, openPage } from '../support/page.ts'

afterEach(closePages)

const nothing = (): void => undefined
const url = 'http://localhost:1'
const GONE = new RivuletError('disconnected', 'the tab that held the connection has gone')

describe('the options tabs and identity', () => {
  const sharing = (options: Partial<ClientOptions>): unknown => readOptions({ url, ...options }).tabs

  test('each tab has its own engine unless the app says otherwise', () => {
    expect(sharing({})).toBe('own')
    expect(sharing({ tabs: 'own', auth: () => ({}) })).toBe('own')
  })

  test('the identity is what auth says, or what the app says', () => {
    expect(sharing({ tabs: 'auto' })).toEqual({ how: 'auto', identity: 'null' })
    const ann = sharing({ tabs: 'shared', auth: { user: 'ann' } })
    expect(ann).not.toEqual(sharing({ tabs: 'shared', auth: { user: 'bob' } }))
    expect(sharing({ tabs: 'leader', auth: { token: 'changes' }, identity: 'ann' })).toEqual({
      how: 'leader',
      identity: 'ann',
    })
    expect(sharing({ tabs: 'auto', authenticate: nothing, identity: '' })).toEqual({ how: 'auto', identity: '' })
  })

  test.each([
    ['auth that is a function, and no identity', { tabs: 'auto', auth: () => ({}) }],
    ['authenticate, and no identity', { tabs: 'leader', authenticate: nothing }],
    ['an unknown word', { tabs: 'all' as never }],
    ['a worker of the app that cannot be shared', { tabs: 'shared', worker: () => new Worker('x') }],
    ['an identity that is no string', { tabs: 'auto', identity: 7 as never }],
  ] as const)('%s: a config error that names the option', (_what, options) => {
    expect(() => sharing(options)).toThrow(expect.objectContaining({ code: 'config' }))
  })
})

describe('an engine that is out of reach', () => {
  test('another is started and told everything; values stay, stale in between; what was pending rejects', async () => {
    const { client, store, fake, errors } = openPage({ tabs: 'auto' })
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    client.on(Horn, nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    const seen: string[] = []
    store.subscribeStatus('title', () => seen.push(store.status('title')))
    const call = failureOf(client.call(Rename, { id: 'a', name: 'b' }))
    await eventually(() => expect(fake.calls).toHaveLength(1))
    const before = fake.log.length
    fake.starts[0]?.onGone(GONE)
    expect(await call).toBe(GONE)
    expect([store.status('title'), store.get('title')]).toEqual(['stale', makeFleet().title])
    expect(client.connection.get()).toMatchObject({ state: 'disconnected', error: { what: GONE.what } })
    await eventually(() => expect(store.status('title')).toBe('live'))
    expect(fake.log.slice(before)).toEqual(['define(1, fleet)', 'watch(1:title)', 'listen(1, horn)', 'connect()'])
    expect(seen).not.toContain('loading')
    expect([fake.starts.length, fake.terminated, errors]).toEqual([2, 1, []])
  })

  test('is no failure, however soon it happens: unlike a worker that dies', async () => {
    const { store, fake } = openPage({ tabs: 'auto' })
    store.subscribe('title', nothing)
    for (let n = 1; n <= 5; n++) {
      await eventually(() => expect(fake.log.filter((line) => line === 'connect()')).toHaveLength(n))
      fake.starts.at(-1)?.onGone(GONE)
    }
    await eventually(() => expect(fake.starts).toHaveLength(6))
  })

  test('costs no error report, whatever was being told to it', async () => {
    const { store, fake, errors } = openPage({ tabs: 'auto' })
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.dead = true
    store.subscribe('count', nothing)
    await eventually(() => expect(fake.log.at(-1)).toBe('watch(2:count)'))
    fake.starts[0]?.onGone(GONE)
    fake.dead = false
    await eventually(() => expect(fake.log.filter((line) => line === 'connect()')).toHaveLength(2))
    expect(errors).toEqual([])
  })

  test('is not missed by a client that ends, nor after the engine has been given up', async () => {
    const { client, store, fake } = openPage({ tabs: 'auto' })
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.log).toContain('connect()'))
    client.disconnect()
    fake.starts[0]?.onGone(GONE)
    await client.dispose()
    fake.starts[0]?.onGone(GONE)
    expect(fake.starts).toHaveLength(1)
  })

  test('a refusal on the data port is not for the page', async () => {
    const { store, fake, errors } = openPage({ tabs: 'auto' })
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.log).toContain('connect()'))
    fake.post({ type: 'refused', error: { code: 'config', what: 'another build' } })
    fake.post({ type: 'error', error: { code: 'protocol', what: 'the last one' } })
    await eventually(() => expect(errors.map((e) => e.message).join()).toContain('the last one'))
    expect(errors).toHaveLength(1)
  })
})

describe('a client that shares hangs up', () => {
  test('it leaves the engine to the others, and joins again with connect()', async () => {
    const { client, store, fake } = openPage({ tabs: 'auto' })
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    const call = failureOf(client.call(Rename, { id: 'a', name: 'b' }))
    await eventually(() => expect(fake.calls).toHaveLength(1))
    client.disconnect()
    expect(await call).toMatchObject({ code: 'disconnected' })
    expect([store.status('title'), client.connection.get().state]).toEqual(['stale', 'disconnected'])
    expect(client.connection.get().error).toBeUndefined()
    await eventually(() => expect(fake.terminated).toBe(1))
    expect(fake.log).not.toContain('disconnect()')
    expect(fake.log.at(-1)).toBe('dispose()')
    client.connect()
    await eventually(() => expect(store.status('title')).toBe('live'))
    expect(fake.starts).toHaveLength(2)
  })

  test('while it starts: what arrives late is let go, and a new start is not confused with it', async () => {
    const fake = createFakeEngine()
    const { client, store } = openPage({ tabs: 'auto' }, fake)
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    client.disconnect()
    client.connect()
    await eventually(() => expect(store.status('title')).toBe('live'))
    expect(fake.starts).toHaveLength(2)
    await eventually(() => expect(fake.terminated).toBe(1))
    const heard = vi.fn<() => void>()
    store.subscribe('title', heard)
    fake.load(FleetStore, makeFleet({ title: 'still here' }))
    await eventually(() => expect(store.get('title')).toBe('still here'))
    expect(heard).toHaveBeenCalled()
  })
})
