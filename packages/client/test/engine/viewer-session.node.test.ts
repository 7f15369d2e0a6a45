import { type Delta, encodeDelta, encodeState, encodeValue, type StoreDef } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import type { EngineConfig, SessionConfig } from '../../src/protocol.ts'
import {
  Add,
  type Board,
  board,
  BoardStore,
  GhostStore,
  OtherStore,
  Poke,
  row,
  Sound,
  Tick,
  types,
  Upload,
} from '../support/board.ts'
import type { FakeSocket } from '../support/fake-socket.ts'
import { rig, type Rig, type RigOptions, settled } from '../support/rig.ts'

// The client's half of session.md §7, against a host that the test plays message by message.

const SESSIONS: SessionConfig = { attachTimeoutMs: 10_000, trustResume: false }
const TRUSTING: SessionConfig = { ...SESSIONS, trustResume: true }

type Body = Record<string, unknown>

async function sessionRig(sessions = SESSIONS, options: RigOptions = {}): Promise<Rig> {
  const config: Partial<EngineConfig> = { sessions, ...options.config }
  return rig({ stores: [BoardStore, OtherStore], ...options, config })
}

const attaches = (socket: FakeSocket): Body[] => socket.sent('viewersessionattach')
const attach = (socket: FakeSocket): Body => attaches(socket).at(-1) as Body

/** A host's answer; `continuity` as a Rivulet host gives it. */
function answer(socket: FakeSocket, body: Body): void {
  socket.receive('viewersessionattached', { resumed: false, capabilities: { dataStreams: false }, ...body })
}

const account = (seen: number, baselines: readonly string[] = [], lost = 0): Body => ({
  continuity: { seen, baselines, lost },
})

/** A new connection, up to where the attach is out. */
async function reconnect(r: Rig): Promise<FakeSocket> {
  const before = r.net.sockets.length
  r.socket.receive('disconnect', 'transport close')
  for (let i = 0; i < 1000 && r.net.sockets.length === before; i++) r.clock.advance(100)
  await settled()
  r.socket.receive('connect')
  await settled()
  return r.socket
}

async function live(r: Rig, id: number, ...fields: string[]): Promise<void> {
  for (const [i, field] of fields.entries()) await r.watch(id + i, [field])
  r.credit()
}

const snapshot = (state: Board, ...fields: (keyof Board)[]): Delta =>
  Object.fromEntries(fields.map((name) => [name, name === 'title' ? { set: state[name] } : { whole: state[name] }]))

const request = (args: { x: number; y: number }): Uint8Array =>
  encodeValue(types, { kind: 'struct', ref: 'test.AddRequest' }, args)

const response = (result: number): Uint8Array =>
  encodeValue(types, { kind: 'struct', ref: 'test.AddResponse' }, { result, error: null })

function respond(socket: FakeSocket, callID: unknown, result: number): void {
  socket.receive('rpccallresp', { callID, response: response(result), error: null })
}

const update = (socket: FakeSocket, delta: Delta, def: StoreDef = BoardStore): void =>
  socket.receive('storeupdate', { time: 1, kind: 2, storeName: def.name, partial: encodeDelta(def, delta) })

describe('a fresh attach', () => {
  test('feature 159: comes first, with everything that is wanted, and nothing else goes out before the answer', async () => {
    const r = await sessionRig()
    await r.watch(1, ['title'])
    await r.watch(2, ['items', 'a'])
    await r.watch(3, [], 1)
    await r.engine.listen(1, Sound, 'k')
    await r.engine.listen(2, Tick)
    const call = r.engine.call(1, Add, { x: 1, y: 2 }, 30_000)
    await r.open()
    expect(r.socket.emitted).toEqual([
      [
        'viewersessionattach',
        {
          sessionID: '',
          storeSubscriptions: [
            { storeName: 'BoardStore', key: 'Title' },
            { storeName: 'BoardStore', key: 'Items%&a' },
            { storeName: 'OtherStore', key: '' },
          ],
          keyedEventSubscriptions: [{ storeName: 'BoardStore', eventName: 'Board.Sound', action: 0, key: 'k' }],
          dataStreamSubscriptions: [],
          received: 0,
        },
      ],
    ])
    expect(r.statuses.at(-1)?.state).toBe('connecting')
    expect(await r.engine.send(Poke, { x: 1, y: 2 })).toMatchObject({ code: 'disconnected' })
    answer(r.socket, { sessionID: 's1' })
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connected', session: 'fresh', attempt: 0 })
    expect(r.socket.emitted.slice(1).map(([event]) => event)).toEqual(['rpccall'])
    respond(r.socket, r.socket.sent('rpccall')[0]?.['callID'], 3)
    expect(await call).toMatchObject({ ok: true })
  })

  test('feature 161: without the option nothing of it is said', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.watch(1, ['title'])
    await r.open()
    expect(r.socket.emitted.map(([event]) => event)).toEqual(['storesub'])
    expect(r.statuses.at(-1)).not.toHaveProperty('session')
    await r.engine.disconnect()
    expect(r.socket.sent('viewersessionclose')).toEqual([])
  })

  test('feature 161: follows the login, never precedes it', async () => {
    let loggedIn!: () => void
    const r = await sessionRig(SESSIONS, {
      config: { hasAuthenticate: true },
      hooks: { authenticate: () => new Promise((done) => (loggedIn = () => done(null))) },
    })
    await r.open()
    expect(attaches(r.socket)).toEqual([])
    loggedIn()
    await settled()
    expect(attaches(r.socket)).toHaveLength(1)
  })

  test('the baselines come merged, one update a store; a nil list among them is nil (pitfall 44)', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title', 'log', 'items')
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    const state = board({ log: null })
    update(r.socket, snapshot(state, 'title', 'items'))
    r.credit()
    expect([1, 2, 3].map((id) => r.seen(id))).toMatchObject([
      { status: 'live', value: 'first' },
      { status: 'live', value: null },
      { status: 'live', value: state.items },
    ])
    update(r.socket, { title: { set: 'second' } })
    r.credit()
    expect(r.seen(1).value).toBe('second')
    expect(r.errors).toEqual([])
  })

  test('a host of whole states answers any key with everything, and says nothing for further keys', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title')
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    r.full(board())
    await live(r, 2, 'log')
    expect(r.socket.sent('storesub')).toEqual([{ storeName: 'BoardStore', action: 0, key: 'Log' }])
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['one', 'two'] })
  })

  test('a part of a store that is followed as a whole is no baseline: the store is subscribed again', async () => {
    const r = await sessionRig()
    await r.watch(1, [])
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    update(r.socket, { title: { set: 'x' } })
    expect(r.errors).toMatchObject([{ code: 'protocol', store: 'BoardStore' }])
    expect(r.socket.sent('storesub')).toEqual([
      { storeName: 'BoardStore', action: 1 },
      { storeName: 'BoardStore', action: 0 },
    ])
  })

  test('a baseline that cannot be read, or never comes, makes the store subscribe again', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title')
    await r.watch(9, ['title'], 1)
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    r.raw({ time: 1, kind: 2, storeName: 'BoardStore', partial: new Uint8Array([255, 255]) })
    expect(r.socket.sent('storesub')).toMatchObject([
      { storeName: 'BoardStore', action: 1, key: 'Title' },
      { storeName: 'BoardStore', action: 0, key: 'Title' },
    ])
    expect(r.socket.sent('storesub').filter((m) => m['storeName'] === 'OtherStore')).toEqual([])
    r.clock.advance(30_000)
    expect(r.socket.sent('storesub').filter((m) => m['storeName'] === 'OtherStore')).toMatchObject([
      { action: 1 },
      { action: 0 },
    ])
    expect(r.errors.map((e) => [e.code, e.store])).toEqual([
      ['truncated', 'BoardStore'],
      ['timeout', 'OtherStore'],
    ])
  })

  test('what changes during the handshake is put right after it', async () => {
    const r = await sessionRig(SESSIONS, { config: { graceMs: 0 } })
    await live(r, 1, 'title', 'log')
    await r.engine.listen(1, Sound, 'gone')
    await r.open()
    await r.unwatch(2)
    r.clock.advance(1)
    await r.watch(3, ['urlPath'])
    await r.engine.unlisten(1)
    await r.engine.listen(2, Sound, 'came')
    expect(r.socket.emitted).toHaveLength(1)
    answer(r.socket, { sessionID: 's1' })
    expect(r.socket.sent('storesub')).toEqual([
      { storeName: 'BoardStore', action: 1, key: 'Log' },
      { storeName: 'BoardStore', action: 0, key: 'URLPath' },
    ])
    expect(r.socket.sent('keyedeventsub')).toMatchObject([
      { key: 'gone', action: 1 },
      { key: 'came', action: 0 },
    ])
    update(r.socket, snapshot(board(), 'title', 'log'))
    update(r.socket, { urlPath: { set: '/y' } })
    r.credit()
    expect([r.seen(1), r.seen(3)]).toMatchObject([
      { status: 'live', value: 'first' },
      { status: 'live', value: '/y' },
    ])
  })

  test('everything that was listed may be gone when the answer comes', async () => {
    const r = await sessionRig(SESSIONS, { config: { graceMs: 0 } })
    await live(r, 1, 'title')
    await r.open()
    await r.unwatch(1)
    r.clock.advance(1)
    answer(r.socket, { sessionID: 's1' })
    await live(r, 2, 'log')
    // The baseline of what nobody wants any more is not mistaken for the answer to the next key.
    update(r.socket, snapshot(board(), 'title'))
    r.credit()
    expect(r.seen(2).status).toBe('loading')
    update(r.socket, snapshot(board(), 'log'))
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['one', 'two'] })
  })

  test('a list that would be larger than a host takes is cut at whole stores; the rest is subscribed after', async () => {
    const stores = Array.from({ length: 9 }, (_, i) => ({ ...BoardStore, name: `Store${i}` }))
    const r = await sessionRig(SESSIONS, { stores })
    for (const [store] of stores.entries()) {
      for (let k = 0; k < 60; k++) await r.watch(store * 100 + k, ['items', `${k}`.padEnd(1000, 'x')], store)
    }
    await r.open()
    const listed = attach(r.socket)['storeSubscriptions'] as { storeName: string }[]
    expect(JSON.stringify(attach(r.socket)).length).toBeLessThan(1_000_000)
    expect(listed.length % 60).toBe(0)
    expect(listed.length).toBeGreaterThan(0)
    answer(r.socket, { sessionID: 's1' })
    expect(listed.length + r.socket.sent('storesub').length).toBe(540)
  })
})

describe('a host that refuses, or does not answer', () => {
  test('no answer: a timeout that names the likely reason, and another try', async () => {
    const r = await sessionRig({ attachTimeoutMs: 4_000, trustResume: false })
    await r.open()
    r.clock.advance(3_999)
    expect(r.socket.closed).toBe(false)
    r.clock.advance(1)
    expect(r.statuses.at(-1)).toMatchObject({
      state: 'disconnected',
      error: { code: 'timeout', hint: expect.stringContaining('may not have viewer sessions') },
    })
    expect(r.socket.closed).toBe(true)
    r.clock.advance(10_000)
    expect(r.net.sockets).toHaveLength(2)
  })

  test('without the option, a store that is never answered gets a hint', async () => {
    const r = await rig({ stores: [BoardStore] })
    await live(r, 1, 'title')
    await r.open()
    r.clock.advance(30_000)
    expect(r.errors).toMatchObject([{ code: 'timeout', hint: expect.stringContaining('`sessions`') }])
  })

  test('a refused fresh attach is an error with the words of the host; it is retried with backoff', async () => {
    const r = await sessionRig()
    await r.open()
    answer(r.socket, { sessionID: '', error: 'too many viewer sessions' })
    expect(r.statuses.at(-1)).toMatchObject({
      state: 'disconnected',
      error: { code: 'denied', what: expect.stringContaining('too many viewer sessions') },
    })
    expect(attaches(r.socket)).toHaveLength(1)
    r.clock.advance(10_000)
    expect(r.net.sockets).toHaveLength(2)
  })

  test.each([[undefined], [null], ['text'], [{}], [{ sessionID: 7 }]])(
    'an answer of %j is a refusal',
    async (garbage) => {
      const r = await sessionRig()
      await r.open()
      r.socket.receive('viewersessionattached', garbage)
      expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'denied' } })
    },
  )

  test('one bad store among the listed is found, and the others carry on', async () => {
    const r = await sessionRig(SESSIONS, { stores: [BoardStore, GhostStore] })
    await r.watch(1, ['title'])
    await r.watch(2, ['title'], 1)
    await r.open()
    answer(r.socket, { sessionID: '', error: 'invalid store subscription "GhostStore"' })
    const next = async (): Promise<void> => {
      const before = r.net.sockets.length
      if (!r.socket.closed) r.socket.receive('disconnect', 'io server disconnect')
      for (let i = 0; i < 1000 && r.net.sockets.length === before; i++) r.clock.advance(100)
      await settled()
      r.socket.receive('connect')
    }
    // From here on the host says yes, and closes the connection whenever the ghost is subscribed.
    for (let i = 0; i < 6; i++) {
      await next()
      expect(attach(r.socket)['storeSubscriptions']).not.toContainEqual(
        expect.objectContaining({ storeName: 'GhostStore' }),
      )
      const resumed = attach(r.socket)['sessionID'] !== ''
      answer(r.socket, { sessionID: 's1', resumed, ...account(0) })
      if (r.socket.sent('storesub').some((m) => m['storeName'] === 'BoardStore'))
        update(r.socket, { title: { set: 'here' } })
      if (!r.socket.sent('storesub').some((m) => m['storeName'] === 'GhostStore')) break
    }
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'here' })
    expect(r.seen(2)).toMatchObject({ status: 'error', error: { code: 'unknown-store', store: 'GhostStore' } })
    expect(r.statuses.at(-1)?.state).toBe('connected')
  })

  test('a connection that is closed instead of an answer makes everything listed a suspect', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title')
    await r.open()
    expect(attach(r.socket)['storeSubscriptions']).toHaveLength(1)
    await reconnect(r)
    expect(attach(r.socket)['storeSubscriptions']).toHaveLength(0)
    answer(r.socket, { sessionID: 's1' })
    expect(r.socket.sent('storesub')).toHaveLength(1)
    update(r.socket, snapshot(board(), 'title'))
    r.credit()
    expect(r.seen(1).status).toBe('live')
  })
})

/** Attached to a Rivulet host, with a live title and log. */
async function attached(sessions = SESSIONS, options: RigOptions = {}): Promise<Rig> {
  const r = await sessionRig(sessions, options)
  await live(r, 1, 'title', 'log')
  await r.open()
  answer(r.socket, { sessionID: 's1', ...(sessions === SESSIONS ? account(0, ['BoardStore']) : {}) })
  update(r.socket, snapshot(board(), 'title', 'log'))
  r.credit()
  expect(r.seen(1).status).toBe('live')
  return r
}

describe('a resume at a host that says what was lost', () => {
  test('features 152 and 153: says what has come in, and goes on with what is there: one patch, only what changed', async () => {
    const r = await attached()
    const { patches } = r.page
    const before = [r.seen(1), r.seen(2)].map((seen) => seen.updates)
    r.socket.receive('disconnect', 'transport close')
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'stale', value: 'first' })
    const offline = r.page.patches
    expect(offline).toBe(patches + 1)
    const socket = await reconnect(r)
    expect(attach(socket)).toMatchObject({ sessionID: 's1', received: 1 })
    expect(attach(socket)['storeSubscriptions']).toHaveLength(2)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0) })
    update(socket, { title: { set: 'second' } })
    r.credit()
    expect(r.page.patches).toBe(offline + 1)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connected', session: 'resumed' })
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'second' })
    expect(r.seen(2)).toMatchObject({ status: 'live' })
    expect([r.seen(1).updates, r.seen(2).updates]).toEqual([(before[0] as number) + 1, before[1]])
    expect(socket.sent('storesub')).toEqual([])
  })

  test('counts every message of the host, also those that nobody wanted, over all connections of the session', async () => {
    const r = await attached()
    r.socket.receive('event', { time: 1, eventName: 'Nobody', event: new Uint8Array() })
    r.socket.receive('keyedevent', { time: 1, storeName: 'x', eventName: 'y', key: 'z', event: new Uint8Array() })
    r.socket.receive('datastreamendpoint', { subscriptionID: 'stream-1', error: 'x' })
    r.socket.receive('rpccallresp', { callID: 77, response: new Uint8Array(), error: null })
    r.socket.receive('storeupdate', 'garbage')
    let socket = await reconnect(r)
    expect(attach(socket)['received']).toBe(6)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0) })
    update(socket, { title: { set: 'x' } })
    socket = await reconnect(r)
    expect(attach(socket)['received']).toBe(7)
  })

  test('a store that is announced anew is compared with what is there: nothing unchanged is told', async () => {
    const r = await attached()
    r.credit()
    const before = [r.seen(1).updates, r.seen(2).updates]
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0, ['BoardStore'], 2) })
    r.credit()
    expect(r.seen(1).status).toBe('stale')
    update(socket, snapshot(board({ title: 'second' }), 'title', 'log'))
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', value: 'second' })
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['one', 'two'] })
    expect([r.seen(1).updates, r.seen(2).updates]).toEqual([(before[0] as number) + 1, before[1]])
  })

  test('a key whose value never came although the host believes so is subscribed again', async () => {
    const r = await attached()
    // The state was dropped, and the resubscription went into a dead connection.
    r.raw({ time: 1, kind: 2, storeName: 'BoardStore', partial: new Uint8Array([255, 255]) })
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0) })
    expect(socket.sent('storesub')).toEqual([
      { storeName: 'BoardStore', action: 1, key: 'Title' },
      { storeName: 'BoardStore', action: 1, key: 'Log' },
      { storeName: 'BoardStore', action: 0, key: 'Title' },
      { storeName: 'BoardStore', action: 0, key: 'Log' },
    ])
    update(socket, snapshot(board(), 'title'))
    update(socket, snapshot(board(), 'log'))
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['one', 'two'] })
  })

  test('a key that left and came back while away starts from a baseline', async () => {
    const r = await attached(SESSIONS, { config: { graceMs: 0 } })
    r.socket.receive('disconnect', 'transport close')
    await r.unwatch(2)
    r.clock.advance(1)
    await r.watch(3, ['log'])
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0) })
    expect(socket.sent('storesub')).toEqual([
      { storeName: 'BoardStore', action: 1, key: 'Log' },
      { storeName: 'BoardStore', action: 0, key: 'Log' },
    ])
    r.credit()
    expect(r.seen(1).status).toBe('live')
    expect(r.seen(3).status).toBe('loading')
  })

  test('feature 154: calls under way stay pending, their timeout goes on, answers settle them', async () => {
    const r = await attached()
    const calls = [1, 2].map((id) => r.engine.call(id, Add, { x: id, y: 0 }, 30_000))
    const [first, second] = r.socket.sent('rpccall')
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(2) })
    expect(socket.sent('rpccall')).toEqual([])
    respond(socket, second?.['callID'], 20)
    expect(await calls[1]).toMatchObject({ ok: true })
    r.clock.advance(30_000)
    expect(await calls[0]).toMatchObject({ ok: false, error: { code: 'timeout' } })
    respond(socket, first?.['callID'], 10)
  })

  test('calls that the host did not take go out again, before those that came since, and exactly those', async () => {
    const r = await attached()
    const calls = [1, 2, 3].map((id) => r.engine.call(id, Add, { x: id, y: 0 }, 30_000))
    r.socket.receive('disconnect', 'transport close')
    calls.push(r.engine.call(4, Add, { x: 4, y: 0 }, 30_000))
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(1) })
    expect(socket.sent('rpccall').map((m) => m['request'])).toEqual([2, 3, 4].map((x) => request({ x, y: 0 })))
    const ids = socket.sent('rpccall').map((m) => m['callID'])
    expect(new Set(ids).size).toBe(3)
    respond(socket, 1, 100)
    for (const [i, id] of ids.entries()) respond(socket, id, i)
    expect((await Promise.all(calls)).every((result) => result.ok)).toBe(true)
    // Both sides count the same from here on.
    void r.engine.call(5, Add, { x: 5, y: 0 }, 30_000)
    const again = await reconnect(r)
    answer(again, { sessionID: 's1', resumed: true, ...account(5) })
    expect(r.statuses.at(-1)).toMatchObject({ session: 'resumed' })
  })

  test.each([
    ['a large call', 1_200_000, 3, 'maxHttpBufferSize'],
    ['a small call', 10, 10, 'not run'],
  ])('%s that connections end of is not sent for ever', async (_what, size, tries, hint) => {
    const r = await attached()
    const call = r.engine.call(1, Upload, { bytes: new Uint8Array(size) }, 3_000_000)
    for (let i = 0; i < tries; i++) {
      expect(r.socket.sent('rpccall')).toHaveLength(1)
      answer(await reconnect(r), { sessionID: 's1', resumed: true, ...account(0) })
    }
    expect(r.socket.sent('rpccall')).toHaveLength(0)
    expect(await call).toMatchObject({
      ok: false,
      error: { code: 'disconnected', store: 'BoardStore.Upload', hint: expect.stringContaining(hint) },
    })
  })

  test('calls that were given up and never arrived hold no place', async () => {
    const r = await attached()
    const calls = [1, 2, 3, 4].map((id) => r.engine.call(id, Add, { x: id, y: 0 }, 30_000))
    for (const id of [1, 2, 3, 4]) await r.engine.cancel(id)
    await Promise.all(calls)
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(2) })
    // Four are allowed at once; two that the host took are still in its hands.
    for (const id of [5, 6, 7]) void r.engine.call(id, Add, { x: id, y: 0 }, 30_000)
    expect(socket.sent('rpccall')).toHaveLength(2)
  })

  test('feature 159: keyed events are listed as they are wanted now', async () => {
    const r = await attached()
    await r.engine.listen(1, Sound, 'a')
    await r.engine.listen(2, Sound, 'b')
    r.socket.receive('disconnect', 'transport close')
    await r.engine.unlisten(1)
    await r.engine.listen(3, Sound, 'c')
    const socket = await reconnect(r)
    expect(attach(socket)['keyedEventSubscriptions']).toMatchObject([{ key: 'b' }, { key: 'c' }])
    answer(socket, { sessionID: 's1', resumed: true, ...account(2) })
    expect(socket.sent('keyedeventsub')).toEqual([])
    socket.receive('keyedevent', {
      time: 5,
      storeName: 'BoardStore',
      eventName: 'Board.Sound',
      key: 'c',
      event: new Uint8Array([2]),
    })
    expect(r.events.map((e) => e.listener)).toEqual([3])
  })

  test.each([
    ['another session', { sessionID: 's2', resumed: true, ...account(0) }],
    ['a session that is not resumed', { sessionID: 's1', resumed: false, ...account(0) }],
    ['no account', { sessionID: 's1', resumed: true }],
    ['more messages than there were', { sessionID: 's1', resumed: true, ...account(9) }],
    ['a negative account', { sessionID: 's1', resumed: true, ...account(-1) }],
  ])('an answer with %s ends the session; the next connection begins afresh', async (_what, body) => {
    const r = await attached()
    const call = r.engine.call(1, Add, { x: 1, y: 0 }, 30_000)
    const socket = await reconnect(r)
    answer(socket, body)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'disconnected', error: { code: 'protocol' } })
    expect(await call).toMatchObject({ ok: false, error: { code: 'disconnected' } })
    r.clock.advance(10_000)
    await settled()
    r.socket.receive('connect')
    expect(attach(r.socket)).toMatchObject({ sessionID: '', received: 0 })
  })
})

describe('a resume at a host that says nothing (a Go host)', () => {
  test('every store starts from a new baseline; what did not change is not told', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title', 'log')
    await r.engine.listen(1, Sound, 'k')
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    update(r.socket, snapshot(board(), 'title', 'log'))
    r.credit()
    const before = [r.seen(1).updates, r.seen(2).updates]
    const socket = await reconnect(r)
    expect(attach(socket)).toMatchObject({ sessionID: 's1', storeSubscriptions: [] })
    expect(attach(socket)['keyedEventSubscriptions']).toHaveLength(1)
    answer(socket, { sessionID: 's1', resumed: true })
    expect(socket.sent('storesub')).toMatchObject([{ key: 'Title' }, { key: 'Log' }])
    update(socket, snapshot(board(), 'title'))
    update(socket, snapshot(board({ log: ['three'] }), 'log'))
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: ['three'] })
    expect([r.seen(1).updates, r.seen(2).updates]).toEqual([before[0], (before[1] as number) + 1])
  })

  test('calls stay pending until their timeout; one that may never have arrived holds no place after it', async () => {
    const r = await sessionRig()
    await r.open()
    answer(r.socket, { sessionID: 's1' })
    const calls = [1, 2, 3, 4].map((id) => r.engine.call(id, Add, { x: id, y: 0 }, 5_000))
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true })
    expect(socket.sent('rpccall')).toEqual([])
    respond(socket, 2, 7)
    expect(await calls[1]).toMatchObject({ ok: true })
    r.clock.advance(5_000)
    expect(await calls[0]).toMatchObject({ ok: false, error: { code: 'timeout' } })
    for (const id of [5, 6, 7, 8]) void r.engine.call(id, Add, { x: id, y: 0 }, 30_000)
    expect(socket.sent('rpccall')).toHaveLength(4)
  })

  describe('that the app trusts', () => {
    test('feature 152: unchanged stores go on with what is there', async () => {
      const r = await attached(TRUSTING)
      const socket = await reconnect(r)
      expect(attach(socket)['storeSubscriptions']).toHaveLength(2)
      answer(socket, { sessionID: 's1', resumed: true })
      update(socket, { title: { set: 'second' } })
      r.credit()
      expect(socket.sent('storesub')).toEqual([])
      expect([r.seen(1), r.seen(2)]).toMatchObject([
        { status: 'live', value: 'second' },
        { status: 'live', value: ['one', 'two'] },
      ])
    })

    test('a store with other keys than before gets its baseline', async () => {
      const r = await attached(TRUSTING)
      r.socket.receive('disconnect', 'transport close')
      await r.watch(3, ['items'])
      const socket = await reconnect(r)
      expect(attach(socket)['storeSubscriptions']).toHaveLength(3)
      answer(socket, { sessionID: 's1', resumed: true })
      const state = board({ title: 'second', log: null })
      update(socket, snapshot(state, 'title', 'items'))
      r.credit()
      expect([1, 2, 3].map((id) => r.seen(id))).toMatchObject([
        { status: 'live', value: 'second' },
        { status: 'live', value: null },
        { status: 'live', value: state.items },
      ])
    })

    test('a key that was never answered, or a release that may be lost, leaves its store out: certainty first', async () => {
      const r = await attached(TRUSTING, { config: { graceMs: 0 } })
      await r.watch(5, ['title'], 1)
      const doubtful = await reconnect(r)
      expect(attach(doubtful)['storeSubscriptions']).toHaveLength(2)
      answer(doubtful, { sessionID: 's1', resumed: true })
      expect(doubtful.sent('storesub')).toMatchObject([{ storeName: 'OtherStore' }])
      update(doubtful, { title: { set: 't' } }, OtherStore)
      await r.unwatch(2)
      r.clock.advance(1)
      expect(doubtful.sent('storesub').at(-1)).toMatchObject({ action: 1, key: 'Log' })
      const next = await reconnect(r)
      expect(attach(next)['storeSubscriptions']).toEqual([{ storeName: 'OtherStore', key: 'Title' }])
      answer(next, { sessionID: 's1', resumed: true })
      expect(next.sent('storesub')).toEqual([{ storeName: 'BoardStore', action: 0, key: 'Title' }])
    })

    test('an answer to a later call proves that a release arrived', async () => {
      const r = await attached(TRUSTING, { config: { graceMs: 0 } })
      await r.unwatch(2)
      r.clock.advance(1)
      const call = r.engine.call(1, Add, { x: 1, y: 2 }, 30_000)
      respond(r.socket, 1, 3)
      await call
      const socket = await reconnect(r)
      expect(attach(socket)['storeSubscriptions']).toEqual([{ storeName: 'BoardStore', key: 'Title' }])
    })
  })
})

describe('a session that is over', () => {
  test('pitfall 51: feature 160: a refused resume is tried afresh, once, on the same socket; only then do calls reject', async () => {
    const r = await attached()
    const call = r.engine.call(1, Add, { x: 1, y: 2 }, 300_000)
    let settledCall = false
    void call.then(() => (settledCall = true))
    const socket = await reconnect(r)
    await settled()
    expect(settledCall).toBe(false)
    answer(socket, { sessionID: '', error: 'viewer session does not exist or has expired' })
    expect(await call).toMatchObject({
      ok: false,
      error: { code: 'disconnected', store: 'BoardStore.Add', hint: expect.stringContaining('session') },
    })
    expect(attaches(socket).map((m) => m['sessionID'])).toEqual(['s1', ''])
    expect(attach(socket)).toMatchObject({ received: 0 })
    const before = [r.seen(1).updates, r.seen(2).updates]
    answer(socket, { sessionID: 's2', ...account(0, ['BoardStore']) })
    update(socket, snapshot(board(), 'title', 'log'))
    r.credit()
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connected', session: 'fresh' })
    expect([r.seen(1), r.seen(2)]).toMatchObject([{ status: 'live' }, { status: 'live' }])
    expect([r.seen(1).updates, r.seen(2).updates]).toEqual(before)
  })

  test('pitfall 51: an attach that times out keeps session and calls, and is tried again by itself', async () => {
    const r = await attached()
    const call = r.engine.call(1, Add, { x: 1, y: 2 }, 300_000)
    await reconnect(r)
    r.clock.advance(10_000)
    expect(r.statuses.some((s) => s.error?.code === 'timeout')).toBe(true)
    r.clock.advance(10_000)
    await settled()
    r.socket.receive('connect')
    expect(attach(r.socket)).toMatchObject({ sessionID: 's1' })
    answer(r.socket, { sessionID: 's1', resumed: true, ...account(1) })
    respond(r.socket, 1, 3)
    expect(await call).toMatchObject({ ok: true })
  })

  test('pitfall 51: a refused resume and a refused fresh attach are one connection error', async () => {
    const r = await attached()
    const socket = await reconnect(r)
    answer(socket, { sessionID: '', error: 'expired' })
    answer(socket, { sessionID: '', error: 'closed for today' })
    expect(attaches(socket)).toHaveLength(2)
    expect(r.statuses.at(-1)).toMatchObject({
      state: 'disconnected',
      error: { code: 'denied', what: expect.stringContaining('closed for today') },
    })
  })

  test('pitfall 52: a connection attaches once, whatever the page does', async () => {
    const r = await attached()
    await r.engine.connect()
    await r.engine.connect()
    answer(r.socket, { sessionID: '', error: 'viewer socket already has a session' })
    expect(attaches(r.socket)).toHaveLength(1)
    expect(r.statuses.at(-1)).toMatchObject({ state: 'connected', session: 'fresh' })
    const socket = await reconnect(r)
    await r.engine.connect()
    expect(attaches(socket).map((m) => m['sessionID'])).toEqual(['s1'])
  })

  test('disconnect() ends it at the host; the next connection begins afresh', async () => {
    const r = await attached()
    const call = r.engine.call(1, Add, { x: 1, y: 2 }, 30_000)
    const { socket } = r
    await r.engine.disconnect()
    expect(socket.emitted.at(-1)).toEqual(['viewersessionclose', { sessionID: 's1' }])
    expect(socket.closed).toBe(true)
    expect(await call).toMatchObject({ ok: false, error: { code: 'disconnected' } })
    await r.open()
    expect(attach(r.socket)).toMatchObject({ sessionID: '', received: 0 })
    expect(attach(r.socket)['storeSubscriptions']).toHaveLength(2)
  })

  test('disconnect() while away forgets it', async () => {
    const r = await attached()
    r.socket.receive('disconnect', 'transport close')
    await r.engine.disconnect()
    await r.open()
    expect(attach(r.socket)).toMatchObject({ sessionID: '' })
  })

  test('dispose() ends it too, and leaves no timer', async () => {
    const r = await attached()
    const { socket } = r
    await r.engine.dispose()
    expect(socket.emitted.at(-1)).toEqual(['viewersessionclose', { sessionID: 's1' }])
    expect(r.clock.pending).toBe(0)
    const waiting = await sessionRig()
    await waiting.open()
    await waiting.engine.dispose()
    expect(waiting.clock.pending).toBe(0)
    expect(waiting.socket.listenerCount()).toBe(0)
  })

  test('a host of whole states stays one over a resume', async () => {
    const r = await sessionRig()
    await live(r, 1, 'title')
    await r.open()
    answer(r.socket, { sessionID: 's1', ...account(0, ['BoardStore']) })
    r.full(board())
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0) })
    await live(r, 2, 'items')
    r.credit()
    expect(r.seen(2)).toMatchObject({ status: 'live', value: board().items })
    update(socket, { items: { mods: new Map([['a', { x: { set: 5 } }]]) } })
    r.credit()
    expect(r.seen(2).value).toEqual(
      new Map([
        ['a', row('a', 5, 1)],
        ['b', row('b', 2, 2)],
      ]),
    )
  })

  test('a whole state on a resume is compared, too', async () => {
    const r = await sessionRig()
    await r.watch(1, [])
    r.credit()
    await r.open()
    answer(r.socket, { sessionID: 's1', ...account(0, ['BoardStore']) })
    r.full(board())
    r.credit()
    const before = r.seen(1).updates
    const socket = await reconnect(r)
    answer(socket, { sessionID: 's1', resumed: true, ...account(0, ['BoardStore']) })
    socket.receive('storeupdate', {
      time: 1,
      kind: 0,
      storeName: 'BoardStore',
      state: encodeState(BoardStore, board()),
    })
    r.credit()
    expect(r.seen(1)).toMatchObject({ status: 'live', updates: before })
  })
})
