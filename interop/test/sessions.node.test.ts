import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, type ClientOptions, type ConnectionStatus, createClient } from '@rivulet/client'
import { createHost, createStore, type Host, type HostOptions, type SessionEvent, type Store } from '@rivulet/server'
import type { RpcDef } from '@rivulet/wire'
import * as fc from 'fast-check'
import { Server } from 'socket.io'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { Bell, Book, type AccountStoreState, AccountStore, OtherStore, Tick } from '../src/generated/schema.ts'
import { freshAccount } from '../src/fresh-account.ts'
import { type SwallowingProxy, swallowingProxy } from '../src/swallowing-proxy.ts'

// Our page, our engine, our host, and between them a network that loses what was written without a word.

const Unknown: RpcDef<{ readonly n: number }, number> = { ...Book, name: 'Unknown' }

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface World {
  readonly host: Host
  readonly ledger: Store<AccountStoreState>
  readonly other: Store<AccountStoreState>
  readonly proxy: SwallowingProxy
  /** What each call did, in the order in which the handler ran. */
  readonly booked: number[]
  readonly life: SessionEvent[]
  /** Calls answer when it is let go. */
  readonly gate: { open: () => void; wait: Promise<void> | null }
  open: (options?: Partial<ClientOptions>) => { client: Client; errors: Error[]; statuses: ConnectionStatus[] }
}

/** `stock` = the host hears nothing of what its viewers count, so it behaves as one of another build. */
async function world(options: Partial<HostOptions> = {}, stock = false): Promise<World> {
  const http = createServer()
  // Heartbeats that are short enough for a test to wait for.
  const io = new Server(http, { path: '/socket', serveClient: false, pingInterval: 200, pingTimeout: 1000 })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  if (stock) {
    io.on('connection', (socket) => {
      socket.use(([event, body], next) => {
        if (event === 'viewersessionattach') delete (body as { received?: number }).received
        next()
      })
    })
  }
  const ledger = createStore(AccountStore, freshAccount())
  const other = createStore(OtherStore, freshAccount())
  const life: SessionEvent[] = []
  const host = createHost({
    io,
    stores: [ledger, other],
    access: () => 1,
    logger: null,
    sessions: { identify: () => ({ ownerID: 'ann', scopeID: 'test' }), onLifecycle: (event) => life.push(event) },
    ...options,
  })
  const booked: number[] = []
  const gate: World['gate'] = { open: () => undefined, wait: null }
  host.rpc(Book, async ({ n }) => {
    booked.push(n)
    await gate.wait
    return n * 2
  })
  const proxy = await swallowingProxy((http.address() as AddressInfo).port)
  closing.push(async () => {
    await host.close()
    await proxy.close()
    await io.close()
  })
  return {
    host,
    ledger,
    other,
    proxy,
    booked,
    life,
    gate,
    open(more = {}) {
      const errors: Error[] = []
      const client = createClient({
        url: `http://127.0.0.1:${proxy.port}`,
        worker: 'inline',
        sessions: true,
        graceMs: 5,
        reconnect: { minMs: 5, maxMs: 20 },
        onError: (error) => errors.push(error),
        ...more,
      })
      const statuses: ConnectionStatus[] = []
      client.connection.subscribe(() => statuses.push(client.connection.get()))
      closing.push(() => client.dispose())
      return { client, errors, statuses }
    },
  }
}

const ignore = (): void => undefined

async function resumed(client: Client): Promise<void> {
  await eventually(() => expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'resumed' }))
}

describe('a connection that died silently', () => {
  test('features 153, 154 and 171: updates, events, answers and calls in both directions arrive exactly once and in order', async () => {
    const { host, ledger, other, proxy, booked, gate, open } = await world()
    const { client, errors } = open()
    client.store(AccountStore).subscribe([], ignore)
    client.store(OtherStore).subscribe(['count'], ignore)
    const ticks: number[] = []
    const bells: number[] = []
    client.on(Tick, ({ n }) => ticks.push(n))
    client.on(Bell, 'k', ({ n }) => bells.push(n))
    const bell = host.keyedEvent(Bell)
    await client.store(AccountStore).ready([])
    await eventually(() => expect(bell.listening('k')).toBe(true))
    host.emit(Tick, { n: 1 })
    await eventually(() => expect(ticks).toEqual([1]))
    gate.wait = new Promise((done) => (gate.open = done))
    const under = client.call(Book, { n: 1 })
    await eventually(() => expect(booked).toEqual([1]))

    proxy.swallow()
    ledger.update((draft) => void (draft.count = 7))
    other.update((draft) => void (draft.count = 8))
    host.emit(Tick, { n: 2 })
    bell.emit('k', { n: 3 })
    gate.open()
    gate.wait = null
    const lost = [client.call(Book, { n: 2 }), client.call(Book, { n: 3 })]
    host.emit(Tick, { n: 4 })

    expect(await under).toBe(2)
    expect(await Promise.all(lost)).toEqual([4, 6])
    expect(booked).toEqual([1, 2, 3])
    expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'resumed' })
    await eventually(() => expect([ticks, bells]).toEqual([[1, 2, 4], [3]]))
    await eventually(() => expect(client.store(AccountStore).get()).toEqual(ledger.state))
    await eventually(() => expect(client.store(OtherStore).get(['count'])).toBe(8))
    expect(errors).toEqual([])
  })

  test('subscriptions that were written into it are there afterwards, and released ones are not', async () => {
    const { host, ledger, proxy, open } = await world()
    const edges: string[] = []
    host.onSubscription(AccountStore, (key, on) => edges.push(`${on ? '+' : '-'}${key}`))
    const { client, errors } = open()
    const store = client.store(AccountStore)
    const stop = store.subscribe(['title'], ignore)
    await store.ready(['title'])
    proxy.swallow()
    stop()
    store.subscribe(['marks'], ignore)
    client.on(Bell, 'late', ignore)
    await resumed(client)
    await store.ready(['marks'])
    await eventually(() => expect(host.keyedEvent(Bell).listening('late')).toBe(true))
    ledger.update((draft) => void (draft.marks = [9]))
    await eventually(() => expect(store.get(['marks'])).toEqual([9]))
    expect(edges.toSorted()).toEqual(['+Marks', '+Title', '-Title'])
    expect(errors).toEqual([])
  })

  test('a list that became nil in it is nil afterwards', async () => {
    const { ledger, proxy, open } = await world()
    const { client } = open()
    const store = client.store(AccountStore)
    store.subscribe(['marks'], ignore)
    store.subscribe(['title'], ignore)
    await Promise.all([store.ready(['marks']), store.ready(['title'])])
    proxy.swallow()
    ledger.replace({ ...ledger.state, marks: null, title: 'second' })
    await resumed(client)
    await eventually(() => expect(store.get(['title'])).toBe('second'))
    expect(store.get(['marks'])).toBe(null)
  })

  test('more was lost than the host keeps: a fresh session, calls under way reject, the state is right', async () => {
    const { host, ledger, proxy, gate, life, open } = await world({ limits: { sessionEvents: 4 } })
    const { client } = open()
    client.store(AccountStore).subscribe([], ignore)
    await client.store(AccountStore).ready([])
    gate.wait = new Promise(ignore)
    const call = client.call(Book, { n: 1 })
    await eventually(() => expect(host.health().callsInFlight).toBe(1))
    proxy.swallow()
    for (let n = 0; n < 6; n++) host.emit(Tick, { n })
    ledger.update((draft) => void (draft.count = 9))
    await expect(call).rejects.toMatchObject({ code: 'disconnected', hint: expect.stringContaining('session') })
    await eventually(() => expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'fresh' }))
    await eventually(() => expect(client.store(AccountStore).get(['count'])).toBe(9))
    expect(life.map((event) => event.reason ?? event.kind)).toEqual(
      expect.arrayContaining(['session aborted', 'created', 'attached']),
    )
  })
})

describe('an app that hangs up', () => {
  test.each([
    ['dispose', 'websocket'],
    ['dispose', 'polling'],
    ['disconnect', 'websocket'],
    ['disconnect', 'polling'],
  ] as const)(
    '%s over %s: what was said just before arrives, and the session is over at the host',
    async (how, via) => {
      const { host, life, booked, open } = await world()
      const { client, errors } = open({ transports: [via] })
      client.store(AccountStore).subscribe([], ignore)
      await client.store(AccountStore).ready([])
      const refused = client.call(Book, { n: 1 }).catch((e: unknown) => (e as { code?: string }).code)
      // Until the engine has it, it is not said.
      await Promise.resolve()
      await client[how]()
      await eventually(() => expect(host.health()).toMatchObject({ viewers: 0, sessions: 0, subscriptions: 0 }))
      expect(life.map(({ kind, reason }) => reason ?? kind)).toEqual(['created', 'attached', 'explicit close'])
      expect([await refused, booked]).toEqual([how === 'dispose' ? 'disposed' : 'disconnected', [1]])
      expect(errors).toEqual([])
    },
  )
})

describe('pitfall 54: a method that the host does not know', () => {
  test('is answered with an error in a session, and the connection stays', async () => {
    const { open } = await world()
    const { client, statuses } = open()
    await expect(client.call(Unknown, { n: 1 })).rejects.toMatchObject({
      code: 'rpc',
      message: expect.stringContaining('Unknown'),
    })
    expect(client.connection.get()).toMatchObject({ state: 'connected', session: 'fresh' })
    expect(statuses.filter((status) => status.state === 'disconnected')).toEqual([])
  })
})

const step = fc.oneof(
  fc.record({ kind: fc.constant('update' as const), field: fc.constantFrom('count', 'rows', 'marks', 'other') }),
  fc.record({ kind: fc.constant('tick' as const) }),
  fc.record({ kind: fc.constant('bell' as const) }),
  fc.record({ kind: fc.constant('call' as const) }),
  fc.record({ kind: fc.constant('watch' as const) }),
)
const round = fc.record({
  before: fc.array(step, { maxLength: 6 }),
  toClient: fc.nat(600),
  toHost: fc.nat(600),
  during: fc.array(step, { maxLength: 12 }),
  pause: fc.boolean(),
  after: fc.array(step, { maxLength: 6 }),
  end: fc.constantFrom('client' as const, 'both' as const),
})

const delivery = fc.constantFrom('keyed' as const, 'full' as const)

describe('cut anywhere', () => {
  test('whatever is lost wherever: the page ends with what the host has, and everything happened exactly once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, fc.array(round, { minLength: 1, maxLength: 4 }), async (mode, rounds) => {
        const { host, ledger, other, proxy, booked, open } = await world({ delivery: mode })
        const { client, errors, statuses } = open()
        const bell = host.keyedEvent(Bell)
        const store = client.store(AccountStore)
        const heard: Record<'tick' | 'bell', number[]> = { tick: [], bell: [] }
        const fired: Record<'tick' | 'bell', number[]> = { tick: [], bell: [] }
        const calls: Promise<number>[] = []
        const watching = new Map<string, () => void>()
        let n = 0
        client.on(Tick, (packet) => heard.tick.push(packet.n))
        client.on(Bell, 'k', (packet) => heard.bell.push(packet.n))
        for (const field of ['count', 'marks'] as const) store.subscribe([field], ignore)
        client.store(OtherStore).subscribe([], ignore)
        await store.ready(['marks'])
        await eventually(() => expect(bell.listening('k')).toBe(true))

        const act = (one: (typeof rounds)[number]['during'][number]): void => {
          n++
          if (one.kind === 'tick') {
            fired.tick.push(n)
            host.emit(Tick, { n })
          } else if (one.kind === 'bell') {
            fired.bell.push(n)
            bell.emit('k', { n })
          } else if (one.kind === 'call') calls.push(client.call(Book, { n: calls.length }))
          else if (one.kind === 'watch') {
            const stop = watching.get('rows')
            if (stop === undefined) watching.set('rows', store.subscribe(['rows'], ignore))
            else {
              stop()
              watching.delete('rows')
            }
          } else if (one.field === 'count') ledger.update((draft) => void (draft.count = n))
          else if (one.field === 'rows') ledger.update((draft) => void (draft.rows = new Map([[`r${n % 3}`, n]])))
          else if (one.field === 'marks') ledger.update((draft) => void (draft.marks = [n, n]))
          else other.update((draft) => void draft.rows?.set(`o${n % 4}`, n))
        }

        for (const { before, toClient, toHost, during, pause, after, end } of rounds) {
          const connections = proxy.accepted
          before.forEach(act)
          proxy.swallow(toClient, toHost)
          for (const [i, one] of during.entries()) {
            act(one)
            if (pause && i % 3 === 2) await new Promise((done) => setImmediate(done))
          }
          proxy.cut(end)
          after.forEach(act)
          await eventually(() => expect(proxy.accepted).toBeGreaterThan(connections))
          await resumed(client)
        }
        if (!watching.has('rows')) watching.set('rows', store.subscribe(['rows'], ignore))
        expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i * 2))
        expect(booked).toEqual(calls.map((_, i) => i))
        await eventually(() => expect(heard).toEqual(fired))
        await eventually(() => {
          expect(client.store(OtherStore).get()).toEqual(other.state)
          for (const field of ['count', 'marks', 'rows'] as const)
            expect(store.get([field])).toEqual(ledger.state[field])
        })
        expect(new Set(statuses.flatMap(({ session, since }) => (session === 'fresh' ? [since] : []))).size).toBe(1)
        expect(errors).toEqual([])
        for (const close of closing.splice(0).toReversed()) await close()
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('at a host that does not say what was lost: every value is right all the same, and nothing happens twice', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, fc.array(round, { minLength: 1, maxLength: 3 }), async (mode, rounds) => {
        const { host, ledger, other, proxy, booked, open } = await world({ delivery: mode }, true)
        const { client, errors } = open({ callTimeoutMs: 400 })
        const store = client.store(AccountStore)
        const heard: number[] = []
        const calls: Promise<unknown>[] = []
        let n = 0
        client.on(Tick, (packet) => heard.push(packet.n))
        store.subscribe(['count'], ignore)
        client.store(OtherStore).subscribe([], ignore)
        await store.ready(['count'])
        let stop: (() => void) | null = null

        const act = (one: (typeof rounds)[number]['during'][number]): void => {
          n++
          if (one.kind === 'tick' || one.kind === 'bell') host.emit(Tick, { n })
          else if (one.kind === 'call') calls.push(client.call(Book, { n: calls.length }).catch((e: unknown) => e))
          else if (one.kind === 'watch') {
            stop?.()
            stop = stop === null ? store.subscribe(['rows'], ignore) : null
          } else if (one.field === 'rows') ledger.update((draft) => void (draft.rows = new Map([[`r${n % 3}`, n]])))
          else if (one.field === 'other') other.update((draft) => void draft.rows?.set(`o${n % 4}`, n))
          else ledger.update((draft) => void (draft.count = n))
        }

        for (const { before, toClient, toHost, during, after, end } of rounds) {
          const connections = proxy.accepted
          before.forEach(act)
          proxy.swallow(toClient, toHost)
          during.forEach(act)
          proxy.cut(end)
          after.forEach(act)
          await eventually(() => expect(proxy.accepted).toBeGreaterThan(connections))
          await resumed(client)
        }
        store.subscribe(['rows'], ignore)
        await eventually(() => {
          expect(client.store(OtherStore).get()).toEqual(other.state)
          for (const field of ['count', 'rows'] as const) expect(store.get([field])).toEqual(ledger.state[field])
        })
        // Answered, or timed out; but never left hanging, and never run twice.
        const outcomes = await Promise.all(calls)
        expect(outcomes.filter((o, i) => o !== i * 2 && (o as { code?: string }).code !== 'timeout')).toEqual([])
        expect(booked).toEqual([...new Set(booked)])
        expect(heard).toEqual([...new Set(heard)].toSorted((a, b) => a - b))
        expect(await client.call(Book, { n: 1000 }, { timeoutMs: 10_000 })).toBe(2000)
        expect(errors).toEqual([])
        for (const close of closing.splice(0).toReversed()) await close()
      }),
      { numRuns: 15 },
    )
  }, 120_000)
})
