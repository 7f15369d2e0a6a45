import { encodeValue } from '@rivulet/wire'
import { afterEach, expect, test, vi } from 'vitest'
import type { FeedEntry, FrameEntry } from '../../../src/feed-protocol.ts'
import { Add, board, BoardStore, Poke, Sound, Tick } from '../../support/board.ts'
import { hubRig } from '../../support/hub-rig.ts'
import { inspect, type TestInspector } from '../../support/inspected.ts'
import { rig, type Rig, type RigOptions, settled } from '../../support/rig.ts'

afterEach(() => vi.unstubAllGlobals())

interface Inspected extends Rig {
  readonly inspector: TestInspector
  /** The entries since the last time. */
  entries(): readonly FeedEntry[]
}

async function inspected(options: RigOptions = {}): Promise<Inspected> {
  const r = await rig({ stores: [BoardStore], ...options })
  const inspector = await inspect(r.engine)
  return Object.assign(Object.create(r) as Rig, {
    inspector,
    entries() {
      const from = inspector.entries.length
      inspector.more()
      r.clock.advance(60)
      return inspector.entries.slice(from)
    },
  })
}

/** What of the entries can be foreseen. */
const brief = (entries: readonly FeedEntry[]): unknown[] =>
  entries.map(({ at, seq, ...rest }) => {
    expect(at).toBeGreaterThan(0)
    expect(seq).toBeGreaterThan(0)
    if (rest.type === 'connection') return rest.status.state
    if ('took' in rest) expect(rest.took).toBeGreaterThanOrEqual(0)
    const { took: _, ...known } = rest as Partial<FrameEntry>
    return known
  })

const response = (result: number): Uint8Array =>
  encodeValue(Add.types, { kind: 'struct', ref: Add.response }, { result, error: null })

test('an update of a store: its subscription, its frame and the patch that it led to, numbered without gaps', async () => {
  const r = await inspected()
  await r.open()
  await r.watch(1, ['title'])
  r.full(board())
  r.credit()
  const entries = r.entries()
  expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, i) => (entries[0]?.seq ?? 0) + i))
  expect(brief(entries)).toEqual([
    'connecting',
    'connected',
    { type: 'frame', dir: 'out', kind: 'storesub', bytes: 0, store: 'BoardStore', key: 'Title', action: 'subscribe' },
    { type: 'frame', dir: 'in', kind: 'storeupdate', bytes: expect.any(Number), store: 'BoardStore', update: 'full' },
    // The message tells the host's time.
    'connected',
    { type: 'patch', page: 0, number: 1, bytes: expect.any(Number), from: entries[3]?.seq, to: entries[3]?.seq },
  ])
  expect((entries[3] as FrameEntry).bytes).toBeGreaterThan(50)
})

test('a patch says which updates it may be made of: those since the one before, of its own page', async () => {
  const r = await inspected()
  await r.open()
  await r.watch(1, [])
  r.full(board())
  r.partial({ title: { set: 'two' } })
  r.credit()
  r.partial({ title: { set: 'three' } })
  r.credit()
  // A status is a patch without an update.
  r.socket.receive('disconnect', 'transport close')
  r.credit()
  const entries = r.entries()
  const updates = entries
    .filter((entry) => entry.type === 'frame' && entry.kind === 'storeupdate')
    .map(({ seq }) => seq)
  const patches = entries.filter((entry) => entry.type === 'patch')
  expect(patches.map(({ number, from, to }) => [number, from, to])).toEqual([
    [1, updates[0], updates[1]],
    [2, updates[2], updates[2]],
    [3, undefined, undefined],
  ])
})

test('calls and sends: from asking to the end, with the method of a response, also what never goes out', async () => {
  const r = await inspected({ config: { maxCallsInFlight: 1 } })
  const early = r.engine.call(1, Add, { x: 1, y: 2 }, 50)
  r.clock.advance(60)
  expect(await early).toMatchObject({ ok: false })
  await r.open()
  const good = r.engine.call(2, Add, { x: 1, y: 2 }, 0)
  const waits = r.engine.call(3, Add, { x: 3, y: 4 }, 0)
  await r.engine.cancel(3)
  r.socket.receive('rpccallresp', { callID: 1, response: response(3) })
  const answer = await good
  expect(answer.ok && answer.bytes.byteLength).toBeGreaterThan(0)
  await waits
  const refused = r.engine.call(4, Add, { x: 'no' }, 0)
  expect(await refused).toMatchObject({ ok: false })
  await r.engine.send(Poke, { x: 1, y: 1 })
  await settled()
  const calls = { type: 'call', page: 0, name: Add.name }
  const request = encodeValue(Add.types, { kind: 'struct', ref: Add.request }, { x: 1, y: 2 }).length
  expect(brief(r.entries().filter(({ type }) => type === 'call' || type === 'frame'))).toEqual([
    { ...calls, id: 1, step: 'asked' },
    { ...calls, id: 1, step: 'failed', error: expect.objectContaining({ code: 'timeout' }) },
    { ...calls, id: 2, step: 'asked' },
    { type: 'frame', dir: 'out', kind: 'rpccall', name: Add.name, call: 1, bytes: request },
    { ...calls, id: 3, step: 'asked' },
    { type: 'frame', dir: 'in', kind: 'rpccallresp', name: Add.name, call: 1, bytes: response(3).length },
    { ...calls, id: 3, step: 'cancelled', error: expect.objectContaining({ code: 'aborted' }) },
    { ...calls, id: 2, step: 'answered' },
    { ...calls, id: 4, step: 'asked' },
    { ...calls, id: 4, step: 'failed', error: expect.objectContaining({ code: 'invalid-value' }) },
    { type: 'frame', dir: 'out', kind: 'rpccall', name: Poke.name, bytes: expect.any(Number) },
  ])
})

test('events, notices and messages that the engine only passes on', async () => {
  const r = await inspected({ config: { sessions: { attachTimeoutMs: 1000, trustResume: false } } })
  await r.engine.connect()
  await settled()
  r.socket.receive('connect')
  r.socket.receive('viewersessionattached', { sessionID: 's', resumed: false, continuity: { seen: 0, baselines: [] } })
  await r.engine.listen(1, Tick)
  await r.engine.listen(2, Sound, 'a')
  r.socket.receive('event', { time: 1, eventName: 'Tick', event: new Uint8Array([1]) })
  r.socket.receive('keyedevent', {
    time: 1,
    storeName: 'BoardStore',
    eventName: 'Board.Sound',
    key: 'a',
    event: new Uint8Array([1, 2]),
  })
  r.socket.receive('viewernotice', { message: 'too slow' })
  r.socket.receive('anything', { password: 'secret' })
  const entries = r.entries().filter(({ type }) => type !== 'connection')
  const sound = { store: 'BoardStore', name: 'Board.Sound', key: 'a' }
  expect(brief(entries)).toEqual([
    { type: 'frame', dir: 'out', kind: 'other', event: 'viewersessionattach', bytes: 0 },
    { type: 'frame', dir: 'in', kind: 'other', event: 'viewersessionattached', bytes: 0 },
    { type: 'frame', dir: 'out', kind: 'keyedeventsub', ...sound, action: 'subscribe', bytes: 0 },
    { type: 'frame', dir: 'in', kind: 'event', name: 'Tick', bytes: 1 },
    { type: 'frame', dir: 'in', kind: 'keyedevent', ...sound, bytes: 2 },
    { type: 'frame', dir: 'in', kind: 'viewernotice', bytes: 0 },
    { type: 'error', error: expect.objectContaining({ code: 'limit' }) },
    { type: 'frame', dir: 'in', kind: 'other', event: 'anything', bytes: 0 },
  ])
  expect(JSON.stringify(entries)).not.toContain('secret')
})

test('garbage says on its frame why it is of no use; a store that it cost its state is a resync, everything else an error', async () => {
  const r = await inspected()
  await r.open()
  await r.watch(1, ['title'])
  r.full(board())
  r.entries()
  r.raw({ storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
  r.raw({ storeName: 'Nobody', kind: 0, state: new Uint8Array([1]) })
  r.raw('nonsense')
  r.raw({ storeName: 'x'.repeat(100_000), kind: 7 })
  await r.engine.watch([{ id: 9, store: 77, path: [] }])
  const update = { type: 'frame', dir: 'in', kind: 'storeupdate', unapplied: true }
  const sub = { type: 'frame', dir: 'out', kind: 'storesub', bytes: 0, store: 'BoardStore', key: 'Title' }
  const because = expect.objectContaining({ store: 'BoardStore' }) as unknown
  expect(brief(r.entries())).toEqual([
    { ...update, store: 'BoardStore', update: 'partial', bytes: 3, error: because },
    { type: 'resync', store: 'BoardStore', error: because },
    { ...sub, action: 'unsubscribe' },
    { ...sub, action: 'subscribe' },
    { ...update, store: 'Nobody', update: 'full', bytes: 1, error: expect.objectContaining({ code: 'unknown-store' }) },
    { ...update, update: 'partial', bytes: 0, error: expect.objectContaining({ code: 'protocol' }) },
    // A name that no host has is not kept.
    { ...update, update: 'partial', bytes: 0, error: expect.objectContaining({ code: 'unknown-store' }) },
    { type: 'error', error: expect.objectContaining({ code: 'unknown-store' }) },
  ])
})

test('pages come and go; each has its own patches, calls and inspectors', async () => {
  const r = hubRig()
  const one = await r.join()
  const inspector = await inspect(one.control)
  const two = await r.join()
  const other = await inspect(two.control)
  await r.welcome()
  await two.watch(1, ['title'])
  r.full(board())
  two.credit()
  await two.control.dispose()
  inspector.more()
  r.clock.advance(60)
  expect(inspector.entries.filter(({ type }) => type === 'page' || type === 'patch')).toMatchObject([
    { type: 'page', page: 1, step: 'joined' },
    // Its status while there was no connection.
    { type: 'patch', page: 1, number: 1 },
    { type: 'patch', page: 1, number: 2, from: expect.any(Number) as number },
    { type: 'page', page: 1, step: 'left' },
  ])
  expect(other.messages[0]).toMatchObject({ type: 'hello', you: 1, pages: [0, 1] })
  expect([inspector.closed, other.closed]).toEqual([false, true])
})

test('an inspector that comes later hears of events that were listened to before, and of sockets that were open', async () => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  await r.engine.listen(1, Tick)
  const first = await inspect(r.engine)
  expect(r.socket.any.size).toBe(1)
  first.post({ type: 'bye' })
  expect(r.socket.any.size).toBe(0)
  const second = await inspect(r.engine)
  r.socket.receive('custom', 1)
  second.more()
  r.clock.advance(60)
  expect(brief(second.entries)).toEqual([{ type: 'frame', dir: 'in', kind: 'other', event: 'custom', bytes: 0 }])
  const defs = second.messages.find((message) => message.type === 'defs')
  expect(defs?.type === 'defs' && [defs.stores, defs.events]).toEqual([[BoardStore], [Tick]])
})

test('numbers go on when nobody has inspected for a while', async () => {
  const r = await rig({ stores: [BoardStore] })
  const first = await inspect(r.engine)
  await r.open()
  first.more()
  r.clock.advance(60)
  first.post({ type: 'bye' })
  const seen = first.entries.at(-1)?.seq ?? 0
  expect(seen).toBeGreaterThan(1)
  const second = await inspect(r.engine)
  expect(second.messages[0]).toMatchObject({ type: 'hello', seq: seen + 1 })
})

test('times go with the clock, also when that is set', async () => {
  let stopwatch = 500
  const r = await inspected({ deps: { stopwatch: () => (stopwatch += 0.25) } })
  await r.open()
  const [first, second] = r.entries()
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeCloseTo(0.25)
  r.clock.advance(3_600_000)
  r.socket.receive('x')
  const [late] = r.entries()
  expect(Math.abs((late?.at ?? 0) - r.clock.now())).toBeLessThan(200)
})
