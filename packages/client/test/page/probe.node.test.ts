import { encodeValue, isRivuletError, type Path } from '@rivulet/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { asOrigin } from '../../src/page/as-origin.ts'
import { createSelection } from '../../src/page/create-selection.ts'
import { observationOf, type Origin } from '../../src/page/observation.ts'
import { addProbe, pageProbes } from '../../src/page/page-probes.ts'
import { PROBES, type Probe, type ProbeChange, type ProbeObserver, type ProbeOrigin } from '../../src/page/probe.ts'
import { storeKeys } from '../../src/page/store-keys.ts'
import type { ClientOptions } from '../../src/page/types.ts'
import type { FeedMessage } from '../../src/feed-protocol.ts'
import { eventually } from '../support/eventually.ts'
import { createFakeEngine, putParts } from '../support/fake-engine.ts'
import { FleetStore, makeBoat, makeFleet, types } from '../support/fleet.ts'
import { closePages, failureOf, openPage, type TestPage } from '../support/page.ts'

// Only a page has tools.
const stubPage = (): void =>
  void vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
beforeEach(stubPage)

afterEach(async () => {
  await closePages()
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, PROBES)
})

interface Probed extends TestPage {
  readonly probe: Probe
}

async function probed(options: Partial<ClientOptions> = {}, fake = createFakeEngine()): Promise<Probed> {
  const before = new Set(pageProbes().clients)
  const page = openPage({ devtools: true, ...options }, fake)
  const probe = await eventually(() => {
    const found = [...pageProbes().clients].find((one) => !before.has(one))
    if (found === undefined) throw new Error('no probe yet')
    return found
  })
  return { ...page, probe }
}

/** A probed page that follows these paths. */
async function following(paths: readonly string[]): Promise<Probed & { readonly heard: string[] }> {
  const page = await probed()
  const heard: string[] = []
  for (const path of paths) page.store.subscribe(path as 'title', () => heard.push(path))
  page.fake.load(FleetStore, makeFleet())
  await Promise.all(paths.map((path) => page.store.ready(path as 'title')))
  heard.length = 0
  return { ...page, heard }
}

function change({ fake }: TestPage, path: Path, value: unknown): void {
  fake.patch((w) => {
    const watch = fake.watches.get(fake.watchAt(FleetStore, path))
    if (watch !== undefined) putParts(w, FleetStore, watch, [{ path: [], value }])
  })
}

const text = (value: string): Uint8Array => encodeValue(types, { kind: 'string' }, value)

interface Patch {
  readonly number: number
  readonly changes: readonly ProbeChange[]
  readonly more: number
  readonly bytes: number
  readonly times: readonly number[]
}

/** An observer that remembers. */
function recorder(): ProbeObserver & {
  readonly patches: Patch[]
  readonly ends: [number, number][]
  readonly runs: [ProbeOrigin, number | undefined][]
} {
  const patches: Patch[] = []
  const ends: [number, number][] = []
  const runs: [ProbeOrigin, number | undefined][] = []
  return {
    patches,
    ends,
    runs,
    patch: ({ began, applied, notified, ...rest }) => void patches.push({ ...rest, times: [began, applied, notified] }),
    settled: (number, at) => void ends.push([number, at]),
    ran: (origin, cause) => void runs.push([origin, cause]),
  }
}

describe('the probes of a page', () => {
  test('a client with devtools is there until it is disposed', async () => {
    const { client, probe } = await probed()
    expect(probe).toMatchObject({ version: 1, client, url: 'http://localhost:1' })
    await client.dispose()
    expect(pageProbes().clients.size).toBe(0)
  })

  test('a client without is not, nor one that ended before its probe was loaded', async () => {
    openPage({ devtools: false })
    openPage()
    const gone = openPage({ devtools: true })
    await gone.client.dispose()
    const { probe } = await probed()
    expect([...pageProbes().clients]).toEqual([probe])
  })

  test('nor one on a server', async () => {
    vi.unstubAllGlobals()
    openPage({ devtools: true })
    stubPage()
    const { probe } = await probed()
    expect([...pageProbes().clients]).toEqual([probe])
  })

  test('are the same for every copy of the package, and so is what a client notes', async () => {
    const { client, probe } = await probed()
    // A second instance of each module, as a bundle with a duplicated dependency would have it.
    const probesUrl = new URL('../../src/page/page-probes.ts?copy=2', import.meta.url).href
    const observationUrl = new URL('../../src/page/observation.ts?copy=2', import.meta.url).href
    const probes = (await import(/* @vite-ignore */ probesUrl)) as { pageProbes: typeof pageProbes }
    const observation = (await import(/* @vite-ignore */ observationUrl)) as { observationOf: typeof observationOf }
    expect(probes.pageProbes).not.toBe(pageProbes)
    expect([...probes.pageProbes().clients]).toEqual([probe])
    expect(observation.observationOf(client)).toBeDefined()
    expect(observation.observationOf(client)).toBe(observationOf(client))
  })

  test('each has an id of its own', async () => {
    const [one, two] = [await probed(), await probed()]
    expect(one.probe.id).not.toBe(two.probe.id)
  })

  test('tools that came before hear of it, in order', async () => {
    const steps: string[] = []
    pageProbes().listeners.add((probe, step) => steps.push(`${probe.url} ${step}`))
    const { client } = await probed()
    await client.dispose()
    expect(steps).toEqual(['http://localhost:1 made', 'http://localhost:1 ended'])
  })

  test('a tool that throws harms nobody', () => {
    const heard: string[] = []
    const failures: unknown[] = []
    pageProbes().listeners.add(() => {
      throw new Error('broken tool')
    })
    pageProbes().listeners.add((_, step) => heard.push(step))
    const remove = addProbe({} as Probe, (error) => failures.push(error))
    remove()
    remove()
    expect(heard).toEqual(['made', 'ended'])
    expect(failures).toHaveLength(2)
    pageProbes().listeners.clear()
  })
})

describe('inspecting', () => {
  const greeting = (port: MessagePort): Promise<FeedMessage> =>
    new Promise((resolve) => {
      port.addEventListener('message', (event: MessageEvent<FeedMessage>) => resolve(event.data))
      port.start()
    })

  test('the feed of the engine goes to the port, both ways', async () => {
    const { probe, fake } = await probed()
    const { port1, port2 } = new MessageChannel()
    const end = failureOf(probe.inspect(port2))
    expect(await greeting(port1)).toMatchObject({ type: 'hello', version: 1 })
    port1.postMessage({ type: 'more' })
    await eventually(() => expect(fake.feeds[0]?.requests).toEqual([{ type: 'more' }]))
    port1.close()
    await closePages()
    expect(await end).toMatchObject({ code: 'disposed' })
  })

  test('rejects when its engine ends, and the next one can be asked', async () => {
    const { probe, fake } = await probed()
    const first = new MessageChannel()
    const end = failureOf(probe.inspect(first.port2))
    await greeting(first.port1)
    fake.starts[0]?.onGone(Object.assign(new Error('gone'), { code: 'worker' }) as never)
    expect(await end).toMatchObject({ message: 'gone' })
    const second = new MessageChannel()
    void failureOf(probe.inspect(second.port2))
    expect(await greeting(second.port1)).toMatchObject({ type: 'hello' })
    expect(fake.feeds).toHaveLength(2)
    first.port1.close()
    second.port1.close()
  })

  test('waits for an engine that nobody has started', async () => {
    const { probe, client, fake } = await probed({ autoConnect: false })
    const { port1, port2 } = new MessageChannel()
    // Nothing of it is loaded yet.
    expect(await failureOf(probe.inspect(new MessageChannel().port2))).toMatchObject({ code: 'worker' })
    client.store(FleetStore).subscribe('title', () => undefined)
    void failureOf(probe.inspect(port2))
    expect(fake.feeds).toEqual([])
    client.connect()
    expect(await greeting(port1)).toMatchObject({ type: 'hello' })
    port1.close()
  })
})

describe('observing', () => {
  test('each patch: its number, what it changed, when, and the end of its microtasks', async () => {
    const page = await following(['title', 'count'])
    const seen = recorder()
    page.probe.observe(seen)
    change(page, ['title'], 'New')
    await eventually(() => expect(seen.ends).toHaveLength(1))
    const [patch] = seen.patches as [Patch]
    expect(patch.changes.map(({ store, path }) => [store, path])).toEqual([['fleet', ['title']]])
    expect(patch.bytes).toBeGreaterThan(0)
    expect(patch.more).toBe(0)
    const times = [...patch.times, seen.ends[0]?.[1] ?? 0]
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(seen.ends[0]?.[0]).toBe(patch.number)
    change(page, ['count'], 9)
    await eventually(() => expect(seen.patches).toHaveLength(2))
    expect(seen.patches[1]?.number).toBe(patch.number + 1)
  })

  test('settled comes after the microtasks of the listeners', async () => {
    const page = await following(['title'])
    const order: string[] = []
    page.store.subscribe('title', () => queueMicrotask(() => order.push('render')))
    page.probe.observe({ ...recorder(), settled: () => order.push('settled') })
    change(page, ['title'], 'New')
    await eventually(() => expect(order).toEqual(['render', 'settled']))
  })

  test('numbers count from 1 at each engine, whether anybody observes or not', async () => {
    const page = await following(['title'])
    page.fake.starts[0]?.onGone(Object.assign(new Error('gone'), { code: 'worker' }) as never)
    await eventually(() => expect(page.fake.starts).toHaveLength(2))
    const seen = recorder()
    page.probe.observe(seen)
    await eventually(() => expect(seen.patches.at(-1)?.number).toBe(1))
  })

  test('of many changes 200 are told, and how many more', async () => {
    const page = await probed()
    const boats = new Map(Array.from({ length: 230 }, (_, i) => [`b${i}`, makeBoat('Ada')]))
    for (const id of boats.keys()) page.store.subscribe(['boats', id], () => undefined)
    const seen = recorder()
    page.probe.observe(seen)
    page.fake.load(FleetStore, makeFleet({ boats }))
    await eventually(() => expect(seen.patches.some(({ more }) => more === 30)).toBe(true))
    expect(seen.patches.find(({ more }) => more === 30)?.changes).toHaveLength(200)
  })

  test('of many listeners of one path 50 are told, and how many more; a path that is dropped tells nobody', async () => {
    const page = await following(['title'])
    for (let i = 0; i < 69; i++) page.store.subscribe('title', () => undefined)
    const seen = recorder()
    page.probe.observe(seen)
    change(page, ['title'], 'New')
    await eventually(() => expect(seen.patches).toHaveLength(1))
    const [{ origins, others } = { origins: [], others: 0 }] = seen.patches[0]?.changes ?? []
    expect([origins.length, others]).toEqual([50, 20])
  })

  test('who heard is who listened when the patch came', async () => {
    const page = await following(['title'])
    const stop = page.store.subscribe('title', () => stop())
    const seen = recorder()
    page.probe.observe(seen)
    change(page, ['title'], 'New')
    await eventually(() => expect(seen.patches[0]?.changes[0]?.origins).toHaveLength(2))
  })

  test('several observe; each ends by itself, and one that throws does not stop the page', async () => {
    const page = await following(['title'])
    const reported = vi.fn<(error: unknown) => void>()
    vi.stubGlobal('reportError', reported)
    const [one, two] = [recorder(), recorder()]
    const stop = page.probe.observe(one)
    page.probe.observe({
      ...two,
      patch: () =>
        void (() => {
          throw new Error('broken')
        })(),
    })
    page.probe.observe(two)
    change(page, ['title'], 'New')
    await eventually(() => expect(two.patches).toHaveLength(1))
    expect(one.patches).toHaveLength(1)
    expect(page.heard).toEqual(['title'])
    expect(reported).toHaveBeenCalledOnce()
    stop()
    stop()
    change(page, ['title'], 'Newer')
    await eventually(() => expect(two.patches).toHaveLength(2))
    expect(one.patches).toHaveLength(1)
  })

  test('nobody observes a client that has ended', async () => {
    const page = await following(['title'])
    const seen = recorder()
    page.probe.observe(seen)
    await page.client.dispose()
    expect(seen.patches).toEqual([])
  })
})

describe('who listens', () => {
  test('a plain subscription is of the function that made it', async () => {
    const page = await probed()
    function drawTitle(): void {
      page.store.subscribe('title', () => undefined)
    }
    drawTitle()
    const [subscriber] = page.probe.subscribers('fleet')
    expect(subscriber).toMatchObject({ path: ['title'], status: 'loading', version: 0 })
    expect(subscriber?.origins[0]?.name).toBe('drawTitle')
    expect(subscriber?.origins[0]?.source).toContain('probe.node.test.ts')
  })

  test('a selection follows paths in the name of whoever made it, those of later runs too', async () => {
    const page = await probed()
    page.fake.load(FleetStore, makeFleet({ open: false, title: 'T', count: 3 }))
    const origin: Origin = { name: 'Board', hook: 'useStore', runs: 2, trace: new Error() }
    const selection = createSelection(page.store, (s) => (s.open ? s.count : s.title))
    const stop = asOrigin(
      page.client,
      origin,
      () => selection.get(),
      () => undefined,
      (heard) => selection.subscribe(heard),
    )
    const followed = (): unknown[] =>
      page.probe.subscribers('fleet').map(({ path, origins }) => [path.join('.'), origins.map((one) => one?.name)])
    await eventually(() => expect(page.store.status('title')).toBe('live'))
    expect(followed()).toEqual([
      ['open', ['Board']],
      ['title', ['Board']],
    ])
    page.fake.load(FleetStore, makeFleet({ open: true, title: 'T', count: 3 }))
    await eventually(() => expect(followed()).toContainEqual(['count', ['Board']]))
    expect(page.probe.subscribers('fleet')[0]?.origins[0]).toMatchObject({ hook: 'useStore', runs: 2 })
    stop()
    expect(followed()).toEqual([])
  })

  test('the same origin is the same object, in changes too', async () => {
    const page = await following(['title'])
    const seen = recorder()
    page.probe.observe(seen)
    change(page, ['title'], 'New')
    await eventually(() => expect(seen.patches).toHaveLength(1))
    const known = page.probe.subscribers('fleet')[0]?.origins[0]
    expect(known).toBeDefined()
    expect(seen.patches[0]?.changes[0]?.origins[0]).toBe(known)
  })

  test('lists are there as lists, until nobody follows them', async () => {
    const page = await probed()
    function listBoats(): () => void {
      return storeKeys(page.store, 'boats').subscribe(() => undefined)
    }
    const stop = listBoats()
    const [list] = page.probe.subscribers('fleet')
    expect(list).toMatchObject({ path: ['boats'], list: true })
    expect(list?.origins[0]?.name).toBe('listBoats')
    stop()
    expect(page.probe.subscribers('fleet')).toEqual([])
  })

  test('of a store that nobody asked for there is nothing to say', async () => {
    const { probe } = await probed()
    const code = (run: () => unknown): unknown => {
      try {
        return run()
      } catch (e) {
        return isRivuletError(e) ? e.code : e
      }
    }
    expect(code(() => probe.subscribers('nothing'))).toBe('unknown-store')
    expect(code(() => probe.show('nothing', [{ path: [], bytes: text('') }]))).toBe('unknown-store')
  })
})

describe('an origin and the patches', () => {
  /** A hook that answers `get`: it runs whenever it is told to, as in a component. */
  function useHook(page: Probed, origin: Origin, get: () => unknown): () => void {
    const run = (): void => observationOf(page.client)?.hooks?.ran(origin)
    run()
    return asOrigin(page.client, origin, get, run, (heard) => page.store.subscribe('title', heard))
  }

  test('a hook is told to run by the patch that changed its answer, and by no other', async () => {
    const page = await following(['title'])
    const seen = recorder()
    page.probe.observe(seen)
    const origin: Origin = { name: 'Cell', trace: new Error(), runs: 0 }
    useHook(page, origin, () => page.store.get('title').length)
    const other = page.store.get('title').replaceAll(/./g, 'x')
    change(page, ['title'], other)
    await eventually(() => expect(page.store.get('title')).toBe(other))
    change(page, ['title'], 'a much longer title than that')
    await eventually(() => expect(seen.runs).toHaveLength(3))
    const last = seen.patches.at(-1)?.number
    expect(seen.runs.map(([{ name, runs }, cause]) => [name, runs, cause])).toEqual([
      ['Cell', 3, undefined],
      ['Cell', 3, undefined],
      ['Cell', 3, last],
    ])
    observationOf(page.client)?.hooks?.ran(origin)
    expect(seen.runs.at(-1)?.[1]).toBeUndefined()
  })

  test('an answer that is thrown counts as one, and what tools show is no patch', async () => {
    const page = await following(['title'])
    const seen = recorder()
    page.probe.observe(seen)
    const origin: Origin = { name: 'Cell', trace: new Error(), runs: 0 }
    useHook(page, origin, () => {
      throw new Error(page.store.get('title'))
    })
    page.probe.show('fleet', [{ path: ['title'], bytes: text('Shown') }])
    expect(seen.runs.map(([, cause]) => cause)).toEqual([undefined, undefined])
    page.probe.show('fleet', [])
    change(page, ['title'], 'New')
    await eventually(() => expect(seen.runs.at(-1)?.[1]).toBe(seen.patches.at(-1)?.number))
  })

  test('two renders of strict mode are one, one that has no second counts too, and so do those from before', async () => {
    const page = await following(['title'])
    const seen = recorder()
    page.probe.observe(seen)
    // Rendered twice, twice, before anybody could tell that from four renders.
    const origin: Origin = { name: 'Cell', trace: new Error(), runs: 4, doubled: true }
    const hooks = observationOf(page.client)?.hooks
    hooks?.ran(origin)
    hooks?.ran(origin)
    expect(origin.runs).toBe(3)
    hooks?.ran(origin)
    hooks?.ran(origin)
    hooks?.ran(origin)
    expect(origin.runs).toBe(5)
    await Promise.resolve()
    hooks?.ran(origin)
    expect(origin.runs).toBe(6)
    expect(seen.runs).toHaveLength(4)
  })

  test('without tools it just subscribes', () => {
    const { client } = openPage()
    const subscribe = vi.fn<(listener: () => void) => () => void>(() => () => undefined)
    const listener = (): void => undefined
    asOrigin(client, undefined, () => 0, listener, subscribe)
    asOrigin(client, { runs: 0, trace: new Error() }, () => 0, listener, subscribe)
    expect(subscribe.mock.calls).toEqual([[listener], [listener]])
  })
})
