import { isRivuletError, type RivuletError, type RpcDef, type StoreDef } from '@rivulet/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { putMissing, putStatus, putValue } from '../../src/write-patch.ts'
import { createFakeEngine, putParts } from '../support/fake-engine.ts'
import { FleetStore, makeBoat, makeFleet } from '../support/fleet.ts'
import { closePages, failureOf, openPage } from '../support/page.ts'
import { eventually } from '../support/eventually.ts'

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
})

const nothing = (): void => undefined

describe('reading', () => {
  test('before anything is known it gives zeros, always the same objects', () => {
    const { store, fake } = openPage()
    expect(store.get('title')).toBe('')
    expect(store.get('boats')).toBeNull()
    expect(store.get(['boats', 'a'])).toBeUndefined()
    expect(store.get(['boats', 'a', 'name'])).toBeUndefined()
    expect(store.get(['queue', 0])).toBeUndefined()
    expect(store.get(['at', 'lat'])).toBe(0)
    expect(store.get()).toBe(store.get())
    expect(store.get('at')).toBe(store.get('at'))
    expect(Object.isFrozen(store.get())).toBe(true)
    expect(store.version(['boats', 'a'])).toBe(0)
    expect(fake.starts).toHaveLength(0)
  })

  test('acquires nothing', async () => {
    const { store, fake, client } = openPage()
    store.get(['boats', 'a'])
    store.status('title')
    store.loaded('title')
    store.version('title')
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    expect(fake.watches.size).toBe(0)
  })

  test('a path that leads nowhere is a path error that says what could stand there', () => {
    const { store } = openPage()
    const get = (path: unknown): unknown => store.get(path as 'title')
    const error = catchError(() => get(['at', 'height']))
    expect(error.code).toBe('path')
    expect(error.message).toContain('fleet.at.height')
    expect(error.message).toContain('lat, lon')
    expect(catchError(() => get(['berths', '1'])).hint).toBe('Expected a key of type number.')
    expect(catchError(() => get(['title', 'x'])).hint).toContain('no parts')
    expect(catchError(() => get(['marks', -1])).hint).toContain('index')
    expect(catchError(() => store.subscribe(['nope'] as never, nothing)).code).toBe('path')
  })

  test('values arrive decoded and stay the same object until they change', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('boats', nothing)
    await eventually(() => expect(store.status('boats')).toBe('live'))
    const boats = store.get('boats')
    expect(boats?.get('b')).toEqual(makeBoat('Bo', 2))
    expect(store.get('boats')).toBe(boats)
    expect(store.get(['boats', 'b'])).toBe(boats?.get('b'))
    expect(store.get(['boats', 'b', 'at', 'lat'])).toBe(2)
    expect(store.get(['boats', 'zz', 'name'])).toBeUndefined()
  })

  test('feature 145: every kind of value comes through', async () => {
    const { store, fake } = openPage()
    const state = makeFleet({ next: makeFleet({ title: 'inner' }), note: { value: 'n' } })
    fake.load(FleetStore, state)
    await store.ready()
    expect(store.get()).toEqual(state)
    expect(store.get(['next', 'title'])).toBe('inner')
    expect(store.get(['next', 'boats', 'a', 'at'])).toEqual({ lat: 1, lon: 0 })
  })

  test('bytes of a path that nobody reads are never decoded', async () => {
    const { store, fake, errors } = openPage()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.watches.size).toBe(1))
    const heard = vi.fn<() => void>()
    store.subscribe('title', heard)
    const id = fake.watchAt(FleetStore, ['title'])
    fake.patch((w) => putValue(w, id, Uint8Array.of(0x7f)))
    await eventually(() => expect(heard).toHaveBeenCalled())
    expect(errors).toEqual([])
    expect(store.status('title')).not.toBe('error')
    // Reading finds out: the last good value stays, the status and the report say why.
    expect(store.get('title')).toBe('')
    await eventually(() => expect(errors).toHaveLength(1))
    expect(store.status('title')).toBe('error')
    expect(store.statusError('title')?.store).toBe('fleet')
    expect(store.statusError('title')?.path).toEqual(['title'])
  })
})

describe('following', () => {
  test('all paths of one task are one message', async () => {
    const { store, fake } = openPage()
    store.subscribe('title', nothing)
    store.subscribe(['boats', 'a'], nothing)
    store.subscribe(['boats', 'a'], nothing)
    await eventually(() =>
      expect(fake.log.filter((entry) => entry.startsWith('watch'))).toEqual(['watch(1:title 2:boats.a)']),
    )
    store.subscribe('count', nothing)
    store.subscribe('open', nothing)
    await eventually(() => expect(fake.log).toContain('watch(3:count 4:open)'))
    expect(fake.log.filter((entry) => entry.startsWith('define'))).toEqual(['define(1, fleet)'])
  })

  test('number keys and text keys are different paths', async () => {
    const { store, fake } = openPage()
    store.subscribe(['berths', 1], nothing)
    store.subscribe(['boats', '1'], nothing)
    await eventually(() => expect(fake.watches.size).toBe(2))
    expect([...fake.watches.values()].map((watch) => watch.path)).toEqual([
      ['berths', 1],
      ['boats', '1'],
    ])
  })

  test('leaving and coming back at once, as StrictMode does, says nothing to the engine', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)()
    const stop = store.subscribe('title', nothing)
    await eventually(() => expect(store.get('title')).toBe('Harbour'))
    stop()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.credits).toBeGreaterThan(1))
    expect(fake.log.filter((entry) => /watch/.test(entry))).toEqual(['watch(1:title)'])
    expect(store.get('title')).toBe('Harbour')
  })

  test('a path is given up after the grace period, with its data, many by one message', async () => {
    const { store, fake } = openPage({ graceMs: 10 })
    fake.load(FleetStore, makeFleet())
    const stops = [store.subscribe('title', nothing), store.subscribe(['boats', 'a'], nothing)]
    await eventually(() => expect(store.status('title')).toBe('live'))
    for (const stop of stops) {
      stop()
      stop()
    }
    expect(store.get('title')).toBe('Harbour')
    await eventually(() => expect(fake.log).toContain('unwatch(1 2)'))
    expect(store.get('title')).toBe('')
    expect(store.status('title')).toBe('idle')
    expect(store.loaded('title')).toBe(false)
    expect(store.version('title')).toBe(0)
  })

  test('a path given up before the engine heard of it is never mentioned', async () => {
    const { store, fake, client } = openPage({ autoConnect: false, graceMs: 0 })
    store.subscribe('title', nothing)()
    await eventually(() => expect(store.status('title')).toBe('idle'))
    client.connect()
    await eventually(() => expect(fake.log).toContain('connect()'))
    expect(fake.log).toEqual(['connect()'])
  })

  test('ten thousand paths come and go without a timer each', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const { store, fake } = openPage({ graceMs: 5 })
    const stops = Array.from({ length: 10_000 }, (_, i) => store.subscribe(['berths', i], nothing))
    await eventually(() => expect(fake.watches.size).toBe(10_000))
    timers.mockClear()
    for (const stop of stops) stop()
    expect(timers.mock.calls.length).toBeLessThan(5)
    await eventually(() => expect(fake.watches.size).toBe(0))
    timers.mockRestore()
  })
})

describe('patches', () => {
  test('listeners hear once per patch, after all of it is in', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const seen: unknown[] = []
    const both = vi.fn<() => void>(() => seen.push([store.get('title'), store.get('count')]))
    store.subscribe('title', both)
    store.subscribe('count', both)
    const other = vi.fn<() => void>()
    store.subscribe('open', other)
    await eventually(() => expect(store.status('open')).toBe('live'))
    both.mockClear()
    other.mockClear()
    seen.length = 0
    fake.load(FleetStore, makeFleet({ title: 'New', count: 9 }))
    await eventually(() => expect(both).toHaveBeenCalled())
    expect(both).toHaveBeenCalledTimes(1)
    expect(seen).toEqual([['New', 9]])
    expect(other).not.toHaveBeenCalled()
  })

  test('pitfall 56: a listener that throws stops nobody, and its error is reported', async () => {
    const report = vi.fn<(e: unknown) => void>()
    vi.stubGlobal('reportError', report)
    const { store, fake } = openPage()
    const broken = new Error('broken')
    const calls: string[] = []
    store.subscribe('title', () => {
      calls.push('first')
      throw broken
    })
    store.subscribe('title', () => calls.push('second'))
    store.subscribe('count', () => calls.push('third'))
    await eventually(() => expect(fake.watches.size).toBe(2))
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(calls).toEqual(['first', 'second', 'third']))
    expect(report).toHaveBeenCalledWith(broken)
    fake.load(FleetStore, makeFleet({ title: 'again' }))
    await eventually(() => expect(calls).toHaveLength(5))
    expect(store.get('title')).toBe('again')
  })

  test('a listener removed by an earlier one in the same patch is not called', async () => {
    const { store, fake } = openPage()
    const second = vi.fn<() => void>()
    let stopSecond = nothing
    const first = vi.fn<() => void>(() => stopSecond())
    store.subscribe('title', first)
    stopSecond = store.subscribe('title', second)
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(first).toHaveBeenCalled())
    expect(second).not.toHaveBeenCalled()
  })

  test('the engine gets its first credit at once and one more after each patch', async () => {
    const { store, fake } = openPage()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.credits).toBe(1))
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(fake.credits).toBe(2))
    fake.load(FleetStore, makeFleet({ title: 'b' }))
    await eventually(() => expect(fake.credits).toBe(3))
  })

  test('pitfall 37: a change below gives new objects on its way only', async () => {
    const { store, fake } = openPage()
    const state = makeFleet()
    fake.load(FleetStore, state)
    store.subscribe('boats', nothing)
    await eventually(() => expect(store.get('boats')?.size).toBe(2))
    const before = store.get('boats')
    const watch = fake.watches.get(fake.watchAt(FleetStore, ['boats']))
    if (watch === undefined) throw new Error('no watch')
    fake.patch((w) => putParts(w, FleetStore, watch, [{ path: ['a', 'at', 'lat'], value: 77 }]))
    await eventually(() => expect(store.get(['boats', 'a', 'at', 'lat'])).toBe(77))
    const after = store.get('boats')
    expect(after).not.toBe(before)
    expect(before?.get('a')?.at.lat).toBe(1)
    expect(after?.get('b')).toBe(before?.get('b'))
    expect(after?.get('a')).not.toBe(before?.get('a'))
  })

  test('missing, and there again', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe(['boats', 'a', 'name'], nothing)
    await eventually(() => expect(store.get(['boats', 'a', 'name'])).toBe('Ada'))
    fake.load(FleetStore, makeFleet({ boats: new Map() }))
    await eventually(() => expect(store.get(['boats', 'a', 'name'])).toBeUndefined())
    expect(store.loaded(['boats', 'a', 'name'])).toBe(true)
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(store.get(['boats', 'a', 'name'])).toBe('Ada'))
  })

  test('changes that nobody reads are applied before they become too many', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const heard = vi.fn<() => void>()
    store.subscribe('berths', heard)
    await eventually(() => expect(heard).toHaveBeenCalledTimes(1))
    const watch = fake.watches.get(fake.watchAt(FleetStore, ['berths']))
    if (watch === undefined) throw new Error('no watch')
    for (let round = 0; round < 5; round++) {
      fake.patch((w) =>
        putParts(
          w,
          FleetStore,
          watch,
          Array.from({ length: 1000 }, (_, i) => ({ path: [round * 1000 + i], value: `v${round}` })),
        ),
      )
    }
    await eventually(() => expect(heard).toHaveBeenCalledTimes(6))
    expect(store.get('berths').size).toBe(5000)
    expect(store.get(['berths', 4999])).toBe('v4')
  })

  test('a record for a path that was given up meanwhile is ignored', async () => {
    const { store, fake, errors } = openPage({ graceMs: 0 })
    const stop = store.subscribe('title', nothing)
    await eventually(() => expect(fake.watches.size).toBe(1))
    stop()
    await eventually(() => expect(fake.watches.size).toBe(0))
    store.subscribe('count', nothing)
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.patch((w) => {
      putMissing(w, 1)
      putStatus(w, 1, 'live')
      putStatus(w, 2, 'live')
    })
    await eventually(() => expect(store.status('count')).toBe('live'))
    expect(errors).toEqual([])
  })

  test('a patch that cannot be read makes the page ask for everything again', async () => {
    const { store, fake, errors } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    fake.post({ type: 'patch', buffer: new Uint8Array([9, 9, 9]).buffer })
    await eventually(() => expect(fake.log).toContain('watch(2:title)'))
    expect(fake.log).toContain('unwatch(1)')
    expect(errors).toHaveLength(1)
    await eventually(() => expect(store.status('title')).toBe('live'))
    // Again at once: asking does not help, so the error is shown instead of a loop.
    fake.post({ type: 'patch', buffer: new Uint8Array([9, 9, 9]).buffer })
    await eventually(() => expect(store.status('title')).toBe('error'))
    expect(store.get('title')).toBe('Harbour')
  })
})

describe('status', () => {
  test('goes from idle over loading to live, with its own listeners', async () => {
    const { store, fake } = openPage()
    const seen: string[] = []
    const stop = store.subscribeStatus('title', () => seen.push(store.status('title')))
    expect(store.status('title')).toBe('idle')
    const data = vi.fn<() => void>()
    store.subscribe('title', data)
    expect(store.status('title')).toBe('loading')
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.statusAll('live')
    await eventually(() => expect(seen).toEqual(['loading', 'live']))
    expect(data).not.toHaveBeenCalled()
    stop()
    fake.statusAll('stale')
    await eventually(() => expect(store.status('title')).toBe('stale'))
    expect(seen).toHaveLength(2)
  })

  test('a path below a followed one shares its status, and hears of it', async () => {
    const { store, fake } = openPage()
    const heard = vi.fn<() => void>()
    store.subscribeStatus(['boats', 'a', 'name'], heard)
    store.subscribe('boats', nothing)
    fake.load(FleetStore, makeFleet())
    await eventually(() => expect(store.status(['boats', 'a', 'name'])).toBe('live'))
    expect(store.status(['boats', 'b'])).toBe('live')
    expect(store.status('title')).toBe('idle')
    expect(store.loaded(['boats', 'a'])).toBe(true)
    expect(heard).toHaveBeenCalled()
  })

  test('pitfall 42: feature 183: on connection loss values and the latch stay, only the status says stale', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const data = vi.fn<() => void>()
    store.subscribe('title', data)
    await eventually(() => expect(store.status('title')).toBe('live'))
    data.mockClear()
    fake.statusAll('stale')
    await eventually(() => expect(store.status('title')).toBe('stale'))
    expect(store.get('title')).toBe('Harbour')
    expect(store.loaded('title')).toBe(true)
    fake.statusAll('loading')
    fake.statusAll('live')
    await eventually(() => expect(store.status('title')).toBe('live'))
    expect(data).not.toHaveBeenCalled()
  })

  test('loading again never hides a value that is there', async () => {
    const { store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    store.subscribe('title', nothing)
    await eventually(() => expect(store.status('title')).toBe('live'))
    fake.statusAll('loading')
    await eventually(() => expect(store.status('title')).toBe('stale'))
  })

  test('an error comes with its reason', async () => {
    const { store, fake } = openPage()
    store.subscribe('title', nothing)
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.statusAll('error', { code: 'denied', what: 'not for you', store: 'fleet' })
    await eventually(() => expect(store.status('title')).toBe('error'))
    expect(isRivuletError(store.statusError('title'))).toBe(true)
    expect(store.statusError('title')?.code).toBe('denied')
  })
})

describe('a definition that contradicts itself', () => {
  const broken: StoreDef<{ readonly x: { readonly y: number } }> = {
    kind: 'store',
    name: 'broken',
    state: 'b.B',
    types: [
      {
        'b.B': { form: 'partial', fields: [{ name: 'x', id: 1, type: { kind: 'struct', ref: 'b.C' } }] },
        'b.C': { form: 'partial', fields: [{ name: 'y', id: 1, type: { kind: 'struct', ref: 'b.Missing' } }] },
      },
    ],
  }

  test('is an error of its own store, and the others of the same batch work', async () => {
    const { client, store, fake, errors } = openPage()
    fake.load(FleetStore, makeFleet())
    const bad = client.store(broken)
    bad.subscribe('x', nothing)
    store.subscribe('title', nothing)
    await eventually(() => expect(store.get('title')).toBe('Harbour'))
    expect(bad.status('x')).toBe('error')
    expect(bad.statusError('x')?.message).toContain('b.Missing')
    expect(errors).toHaveLength(1)
    await expect(bad.ready('x')).rejects.toMatchObject({ code: 'schema' })
  })

  test('rejects a call', async () => {
    const { client } = openPage()
    const rpc: RpcDef<object, void> = { kind: 'rpc', name: 'r', request: 'b.No', response: 'b.No', types: [{}] }
    await expect(client.call(rpc, {})).rejects.toMatchObject({ code: 'schema' })
    await expect(client.call(rpc, {})).rejects.toMatchObject({ code: 'schema' })
  })
})

describe('ready', () => {
  test('resolves with the first live value and lets go again', async () => {
    const { store, fake } = openPage({ graceMs: 5 })
    fake.load(FleetStore, makeFleet())
    await store.ready(['boats', 'a'])
    expect(store.get(['boats', 'a', 'name'])).toBe('Ada')
    await eventually(() => expect(fake.watches.size).toBe(0))
  })

  test('rejects with the error of the path', async () => {
    const { store, fake } = openPage({}, createFakeEngine({ respond: false }))
    const ready = store.ready('title')
    await eventually(() => expect(fake.watches.size).toBe(1))
    fake.statusAll('error', { code: 'unknown-store', what: 'no such store' })
    await expect(ready).rejects.toMatchObject({ code: 'unknown-store' })
  })

  test('rejects on abort, also when aborted before, and on dispose, also when disposed before', async () => {
    const { store, client } = openPage()
    await expect(store.ready('title', { signal: AbortSignal.abort('no') })).rejects.toMatchObject({
      code: 'aborted',
      cause: 'no',
    })
    const abort = new AbortController()
    const ready = store.ready('title', { signal: abort.signal })
    abort.abort()
    await expect(ready).rejects.toMatchObject({ code: 'aborted' })
    const pending = store.ready('title')
    const disposed = failureOf(pending)
    await client.dispose()
    expect(await disposed).toMatchObject({ code: 'disposed' })
    await expect(store.ready('title')).rejects.toMatchObject({ code: 'disposed' })
    await expect(store.ready(['nowhere'] as never)).rejects.toMatchObject({ code: 'path' })
  })
})

describe('clients', () => {
  test('pitfall 39: two clients of one page share nothing, and one client has one store per name', async () => {
    const a = openPage()
    const b = openPage()
    expect(a.client.store(FleetStore)).toBe(a.store)
    expect(a.client.store({ ...FleetStore })).toBe(a.store)
    expect(b.store).not.toBe(a.store)
    a.fake.load(FleetStore, makeFleet({ title: 'A' }))
    b.fake.load(FleetStore, makeFleet({ title: 'B' }))
    await Promise.all([a.store.ready('title'), b.store.ready('title')])
    expect([a.store.get('title'), b.store.get('title')]).toEqual(['A', 'B'])
    await a.client.dispose()
    b.fake.load(FleetStore, makeFleet({ title: 'B2' }))
    b.store.subscribe('title', nothing)
    await eventually(() => expect(b.store.get('title')).toBe('B2'))
  })

  test('pitfall 40: after dispose nothing is left, and everything still answers', async () => {
    const { client, store, fake } = openPage()
    fake.load(FleetStore, makeFleet())
    const heard = vi.fn<() => void>()
    store.subscribe('title', heard)
    await store.ready('title')
    heard.mockClear()
    await client.dispose()
    await client.dispose()
    expect(fake.terminated).toBe(1)
    expect(client.connection.get().state).toBe('disposed')
    expect(store.get('title')).toBe('Harbour')
    expect(store.status('title')).toBe('stale')
    store.subscribe('count', nothing)()
    client.connect()
    client.disconnect()
    expect(fake.starts).toHaveLength(1)
    expect(heard).not.toHaveBeenCalled()
  })
})

function catchError(run: () => unknown): RivuletError {
  try {
    run()
  } catch (e) {
    if (isRivuletError(e)) return e
    throw e
  }
  throw new Error('nothing was thrown')
}
