import * as fc from 'fast-check'
import { IDBFactory } from 'fake-indexeddb'
import { describe, expect, test } from 'vitest'
import { onDemand, withExtra } from '../../src/engine/extra.ts'
import { extrasOnDemand } from '../../src/engine/extras-on-demand.ts'
import type { ListQuery } from '../../src/list-query.ts'
import type { StreamEngineMessage } from '../../src/stream-protocol.ts'
import { Add, board, BoardStore, row, Tick } from '../support/board.ts'
import { eventually } from '../support/eventually.ts'
import { heldExtras, type HeldExtras } from '../support/held-extras.ts'
import { hubRig } from '../support/hub-rig.ts'
import type { SeenKeys } from '../support/page-model.ts'
import { CONFIG, rig, type Rig, settled } from '../support/rig.ts'
import { VIDEO } from '../support/stream-rig.ts'

const SESSIONS = { attachTimeoutMs: 10_000, trustResume: false }
const OFFLINE = { stores: ['BoardStore'], scope: '', maxBytes: 1 << 20, maxAgeMs: 1e9, saveEveryMs: 1000 }
const BOUNDS = { maxUnits: 8, maxBytes: 1000, maxSilenceMs: 0 }
const BY_X: ListQuery = { kind: 'keys', select: { orderBy: ['x'] }, offset: 0 }

const unreachable = (): never => expect.unreachable()

const NOT_LOADED = {
  code: 'worker',
  what: expect.stringContaining('could not be loaded') as string,
  hint: expect.stringContaining('beside it') as string,
}

describe('an extra on demand', () => {
  test('is loaded once, by whoever asks first, and is there at once from then on', async () => {
    let loads = 0
    const part = {}
    const extra = onDemand('things', async () => {
      loads++
      return part
    })
    expect(loads).toBe(0)
    const [one, other] = [extra(), extra()]
    expect(one).toBeInstanceOf(Promise)
    expect(await one).toBe(part)
    expect(await other).toBe(part)
    expect(extra()).toBe(part)
    expect(loads).toBe(1)
  })

  test('that cannot be loaded says so, and is loaded again when it is asked for again', async () => {
    let loads = 0
    const cause = new TypeError('Failed to fetch')
    const extra = onDemand('things', async () => {
      if (++loads === 1) throw cause
      return { loads }
    })
    await expect(extra()).rejects.toMatchObject({ ...NOT_LOADED, cause, message: expect.stringContaining('things') })
    expect(await extra()).toEqual({ loads: 2 })
  })

  test('is gone on with in the same turn once it is there', async () => {
    const extra = onDemand('things', async () => ({ a: 1 }))
    const seen: unknown[] = []
    withExtra(extra, (it) => seen.push(it), unreachable)
    expect(seen).toEqual([])
    await extra()
    withExtra(extra, () => seen.push('now'), unreachable)
    expect(seen).toEqual([{ a: 1 }, 'now'])
  })

  test('the real ones are what they are called', async () => {
    const extras = extrasOnDemand()
    const names = await Promise.all(
      [extras.lists, extras.offline, extras.sessions, extras.streams].map(async (extra) => (await extra()).name),
    )
    expect(names).toEqual(['createListView', 'startOffline', 'createResumption', 'createStreams'])
  })
})

test('stores, calls and events load nothing', async () => {
  const held = heldExtras()
  const r = await rig({ stores: [BoardStore], deps: { extras: held.extras } })
  const socket = await r.open()
  await r.watch(1, ['title'])
  await r.watch(2, ['items'])
  await r.engine.listen(1, Tick)
  const call = r.engine.call(1, Add, { x: 1, y: 2 }, 1000)
  r.full(board())
  r.credit()
  expect(r.seen(1)).toMatchObject({ status: 'live', value: 'first' })
  expect(socket.sent('rpccall')).toHaveLength(1)
  socket.receive('datastreamendpoint', { subscriptionID: 'stream-1', endpoint: {} })
  expect(r.errors).toEqual([])
  socket.receive('disconnect', 'transport close')
  await r.engine.dispose()
  await expect(call).resolves.toMatchObject({ ok: false })
  expect(held.asked).toEqual([])
})

describe('what the options ask for', () => {
  const start = (held: HeldExtras, config = {}): { started: Promise<Rig>; isStarted: () => boolean } => {
    let done = false
    const started = rig({
      stores: [BoardStore],
      config: { sessions: SESSIONS, ...config },
      deps: { extras: held.extras, indexedDB: new IDBFactory() },
    }).finally(() => (done = true))
    // Whoever wants it awaits it.
    started.catch(() => undefined)
    return { started, isStarted: () => done }
  }

  test('is loaded, all at the same time, before the engine has started', async () => {
    const held = heldExtras()
    const { started, isStarted } = start(held, { offline: OFFLINE })
    await settled()
    expect(held.asked).toEqual(['offline', 'sessions'])
    expect(isStarted()).toBe(false)
    await held.arrive()
    const r = await started
    await r.open()
    expect(r.socket.sent('viewersessionattach')).toHaveLength(1)
    await r.engine.dispose()
  })

  test('fails the start when it cannot be loaded, so that another way to start is tried', async () => {
    const held = heldExtras()
    const { started } = start(held)
    await settled()
    await held.fail()
    await expect(started).rejects.toMatchObject(NOT_LOADED)
    const again = start(held)
    await settled()
    await held.arrive()
    const r = await again.started
    await r.open()
    expect(r.socket.sent('viewersessionattach')).toHaveLength(1)
  })

  test('is not waited for by a page that has gone', async () => {
    const held = heldExtras()
    const r = hubRig({ extras: held.extras })
    const control = r.hub.control()
    const port = { closed: false, close: () => void (port.closed = true) }
    const started = control.start({ ...CONFIG, sessions: SESSIONS }, port as unknown as MessagePort, {
      auth: async () => ({}),
      authenticate: async () => null,
    })
    await control.dispose()
    await held.arrive()
    await started
    expect(port.closed).toBe(true)
    expect(r.hub.pages()).toBe(0)
  })

  test('pages that come while it is on its way get one engine', async () => {
    const held = heldExtras()
    const r = hubRig({ extras: held.extras })
    const ports = [new MessageChannel(), new MessageChannel()]
    const controls = ports.map(() => r.hub.control())
    const starts = controls.map((control, i) =>
      control.start({ ...CONFIG, sessions: SESSIONS }, (ports[i] as MessageChannel).port2, {
        auth: async () => ({}),
        authenticate: async () => null,
      }),
    )
    await held.arrive()
    await Promise.all(starts)
    for (const control of controls) await control.connect()
    await settled()
    expect(r.hub.pages()).toBe(2)
    expect(r.net.sockets).toHaveLength(1)
    for (const control of controls) await control.dispose()
    for (const { port1 } of ports) port1.close()
  })
})

describe('a list whose part is on its way', () => {
  const open = async (held: HeldExtras): Promise<Rig> => {
    const r = await rig({ stores: [BoardStore], config: { graceMs: 0 }, deps: { extras: held.extras } })
    await r.open()
    return r
  }
  const items = (...rows: [string, number][]): Map<string, ReturnType<typeof row>> =>
    new Map(rows.map(([key, x]) => [key, row(key, x)]))
  const keysOf = (r: Rig, id: number): unknown => (r.seen(id).value as SeenKeys | undefined)?.keys

  test('is subscribed at once, holds nothing else up, and says nothing before it can say everything', async () => {
    const held = heldExtras()
    const r = await open(held)
    await r.watch(1, ['items'], 0, BY_X)
    await r.watch(2, ['title'])
    expect(held.asked).toEqual(['lists'])
    expect(r.keys()).toEqual(['Items', 'Title'])
    r.full(board({ items: items(['a', 2], ['b', 1]) }))
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'first' })
    expect(r.seen(1)).toMatchObject({ status: 'idle', value: undefined })
    r.partial({ items: { sets: new Map([['c', row('c', 0)]]) } })
    r.credit()
    expect(r.seen(1).status).toBe('idle')
    r.credit()
    await held.arrive()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: { total: 3 } })
    expect(keysOf(r, 1)).toEqual(['c', 'b', 'a'])
    r.partial({ items: { mods: new Map([['c', { x: { set: 9 } }]]) } })
    r.credit()
    expect(keysOf(r, 1)).toEqual(['b', 'a', 'c'])
    // From here on it is there.
    await r.watch(3, ['items'], 0, { kind: 'size' })
    r.credit()
    expect(r.seen(3)).toMatchObject({ status: 'live', value: { total: 3 } })
    expect(held.asked).toEqual(['lists'])
  })

  test('that is not wanted any more is as if it had never been', async () => {
    const held = heldExtras()
    const r = await open(held)
    await r.watch(1, ['items'], 0, BY_X)
    await r.watch(2, ['items'], 0, { kind: 'diff' })
    await r.unwatch(1)
    await held.arrive()
    r.full(board({ items: items(['a', 1]) }))
    r.credit()
    expect(r.page.strays).toEqual([])
    expect(r.seen(2).status).toBe('live')
    await r.unwatch(2)
    r.clock.advance(1)
    expect(r.keys()).toEqual([])
  })

  test('that asks for what there is not is told when that is known', async () => {
    const held = heldExtras()
    const r = await open(held)
    await r.watch(1, ['title'], 0, BY_X)
    await r.watch(2, ['title'])
    await held.arrive()
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'error', error: { code: 'path' } })
    r.full(board())
    r.credit()
    expect(r.seen(1).status).toBe('error')
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'first' })
    await r.unwatch(1)
    r.clock.advance(1)
    expect(r.keys()).toEqual(['Title'])
  })

  test('whose part does not come is told so for good; others are not concerned, and the next one tries again', async () => {
    const held = heldExtras()
    const r = await open(held)
    await r.watch(1, ['items'], 0, BY_X)
    await r.watch(2, ['title'])
    r.full(board({ items: items(['a', 1]) }))
    await held.fail()
    r.credit()
    const failed = { status: 'error', error: { ...NOT_LOADED, store: 'BoardStore', path: ['items'] }, value: undefined }
    expect(r.seen(1)).toMatchObject(failed)
    expect(r.keys()).toEqual(['Title'])
    // Neither nonsense of the host nor another connection revives it.
    r.raw({ time: 1, storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
    r.credit()
    r.socket.receive('disconnect', 'transport close')
    r.clock.advance(1_000)
    await eventually(() => expect(r.net.sockets).toHaveLength(2))
    r.net.last.receive('connect')
    await settled()
    r.full(board({ title: 'again' }))
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: 'again' })
    expect(r.seen(1)).toMatchObject(failed)
    await r.watch(3, ['items'], 0, BY_X)
    expect(held.asked).toEqual(['lists', 'lists'])
    await held.arrive()
    r.full(board({ items: items(['z', 1]) }))
    r.credit()
    expect(keysOf(r, 3)).toEqual(['z'])
    await r.unwatch(1, 3)
    r.clock.advance(1)
    expect(r.keys()).toEqual(['Title'])
  })

  test('ends as one whose part was there from the beginning, whatever happened meanwhile', async () => {
    type Step =
      | { readonly type: 'full' | 'part'; readonly all: [string, number][] }
      | { readonly type: 'credit' | 'nonsense' }
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const rows = fc.uniqueArray(fc.tuple(key, fc.integer({ min: 0, max: 9 })), { selector: ([k]) => k })
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ type: fc.constantFrom('full' as const, 'part' as const), all: rows }),
      fc.record({ type: fc.constantFrom('credit' as const, 'nonsense' as const) }),
    )
    const play = async (held: HeldExtras | null, steps: readonly Step[], at: number): Promise<unknown[]> => {
      const r = await rig({ stores: [BoardStore], ...(held && { deps: { extras: held.extras } }) })
      await r.open()
      await r.watch(1, ['items'], 0, BY_X)
      await r.watch(2, ['items'], 0, { kind: 'size' })
      for (const [i, s] of steps.entries()) {
        if (i === at) await held?.arrive()
        if (s.type === 'full') r.full(board({ items: items(...s.all) }))
        else if (s.type === 'part') {
          const sets = new Map(s.all.map(([k, x]) => [k, row(k, x)]))
          const mods = new Map(s.all.map(([k, x]) => [k, { x: { set: x } }]))
          r.partial({ items: i % 2 === 0 ? { sets } : { mods } })
        } else if (s.type === 'credit') r.credit()
        else r.raw({ time: 1, storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
      }
      await held?.arrive()
      // After nonsense the store is subscribed again, later and later.
      for (let i = 0; i < 100 && (i === 0 || r.seen(1).status !== 'live'); i++) {
        r.clock.advance(1_000)
        r.full(board({ items: items(['y', 1], ['x', 0]) }))
        r.credit()
        r.credit()
      }
      const seen = [r.seen(1), r.seen(2)].map(({ status, value }) => [status, value])
      await r.engine.dispose()
      return seen
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(13), async (steps, at) => {
        expect(await play(heldExtras(), steps, at)).toEqual(await play(null, steps, at))
      }),
      { numRuns: 60 },
    )
  })
})

describe('data streams whose part is on its way', () => {
  interface End {
    readonly states: string[]
    readonly errors: unknown[]
    readonly port2: MessagePort
    closed: boolean
    close(): void
  }
  const end = (): End => {
    const { port1, port2 } = new MessageChannel()
    const self: End = {
      states: [],
      errors: [],
      port2,
      closed: false,
      close: () => port1.postMessage({ type: 'close' }),
    }
    port1.addEventListener('message', ({ data }: MessageEvent<StreamEngineMessage>) => {
      if (data.type !== 'status') return
      self.states.push(data.status.state)
      if (data.status.error !== undefined) self.errors.push(data.status.error)
    })
    port1.addEventListener('close', () => (self.closed = true))
    port1.start()
    return self
  }
  const asked = (r: Rig): string[] =>
    r.socket.sent('datastreamsub').map((m) => `${m['action'] === 0 ? '+' : '-'}${String(m['key'])}`)

  test('are asked for when it is there, each once', async () => {
    const held = heldExtras()
    const r = await rig({ deps: { extras: held.extras } })
    await r.open()
    const [a, b, again] = [end(), end(), end()]
    await r.engine.openStream(VIDEO, 'a', a.port2, BOUNDS)
    await r.engine.openStream(VIDEO, 'b', b.port2, BOUNDS)
    // The page has given it up and taken it again.
    await r.engine.openStream(VIDEO, 'a', again.port2, BOUNDS)
    await eventually(() => expect(a.closed).toBe(true))
    b.close()
    expect(asked(r)).toEqual([])
    await held.arrive()
    expect(held.asked).toEqual(['streams'])
    await eventually(() => expect(b.closed).toBe(true))
    expect(asked(r).toSorted()).toEqual(['+a', '+b', '-b'])
    expect([a.states, again.states]).toEqual([[], ['opening']])
    const c = end()
    await r.engine.openStream(VIDEO, 'c', c.port2, BOUNDS)
    expect(asked(r)).toContain('+c')
    await r.engine.dispose()
    await eventually(() => expect([again.closed, c.closed]).toEqual([true, true]))
    expect(r.clock.pending).toBe(0)
  })

  test('that were opened before the connection was are asked for with it', async () => {
    const held = heldExtras()
    const r = await rig({ deps: { extras: held.extras } })
    const a = end()
    await r.engine.openStream(VIDEO, 'a', a.port2, BOUNDS)
    await held.arrive()
    await r.open()
    expect(asked(r)).toEqual(['+a'])
    await r.engine.dispose()
  })

  test('are told when it does not come; the next one tries again', async () => {
    const held = heldExtras()
    const r = await rig({ deps: { extras: held.extras } })
    await r.open()
    const [a, b] = [end(), end()]
    await r.engine.openStream(VIDEO, 'a', a.port2, BOUNDS)
    await r.engine.openStream(VIDEO, 'b', b.port2, BOUNDS)
    await held.fail()
    await eventually(() => expect([a.closed, b.closed]).toEqual([true, true]))
    expect([a.states, b.states]).toEqual([['error'], ['error']])
    expect(a.errors).toMatchObject([{ ...NOT_LOADED, store: 'Cam', path: ['Video', 'a'] }])
    expect(r.errors).toMatchObject([NOT_LOADED])
    const c = end()
    await r.engine.openStream(VIDEO, 'c', c.port2, BOUNDS)
    await held.arrive()
    expect(asked(r)).toEqual(['+c'])
    await r.engine.dispose()
  })

  test('go with their page, and with the engine', async () => {
    const held = heldExtras()
    const r = hubRig({ extras: held.extras })
    const [first, second] = [await r.join(), await r.join()]
    await r.welcome()
    const [a, b] = [end(), end()]
    await first.control.openStream(VIDEO, 'a', a.port2, BOUNDS)
    await second.control.openStream(VIDEO, 'b', b.port2, BOUNDS)
    await first.control.dispose()
    await eventually(() => expect(a.closed).toBe(true))
    expect(b.closed).toBe(false)
    await second.control.dispose()
    await eventually(() => expect(b.closed).toBe(true))
    await held.arrive()
    expect(r.net.last.sent('datastreamsub')).toEqual([])
  })
})

test('a list that cannot be leaves alone what others follow of the same map', async () => {
  const r = await rig({ stores: [BoardStore], config: { graceMs: 0 } })
  await r.open()
  await r.watch(1, ['items'])
  await r.watch(2, ['items'], 0, { kind: 'keys', select: { orderBy: ['nowhere'] }, offset: 0 })
  r.credit()
  expect(r.seen(2)).toMatchObject({ status: 'error', error: { code: 'path' } })
  await r.unwatch(2)
  r.clock.advance(1)
  expect(r.keys()).toEqual(['Items'])
})

test('a page that shares an engine has lists too', async () => {
  const r = hubRig()
  await r.join()
  const second = await r.join()
  await r.welcome()
  second.model.watch(5, BoardStore, ['items'])
  await second.control.watch([{ id: 5, store: 1, path: ['items'], query: BY_X }])
  r.full(board({ items: new Map([['b', row('b', 2)], ['a', row('a', 1)]]) })) // oxfmt-ignore
  expect(second.seen(5)).toMatchObject({ status: 'live', value: { total: 2, keys: ['a', 'b'] } })
})
