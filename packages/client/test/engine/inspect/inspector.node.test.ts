import { encodeState } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedMessage } from '../../../src/feed-protocol.ts'
import { createLocalChannel } from '../../../src/bridge/local-channel.ts'
import { Add, board, BoardStore, Sound, Tick } from '../../support/board.ts'
import { eventually } from '../../support/eventually.ts'
import { hubRig } from '../../support/hub-rig.ts'
import { inspect, stateNow } from '../../support/inspected.ts'
import { CONFIG, rig, settled } from '../../support/rig.ts'

const event = { time: 1, eventName: 'Tick', event: new Uint8Array([1]) }

describe('batches', () => {
  test('come one for each request, at most every 50 ms, and at once when there has been none for that long', async () => {
    const r = await rig()
    await r.open()
    const inspector = await inspect(r.engine)
    const batches = (): number => inspector.messages.filter(({ type }) => type === 'entries').length
    r.socket.receive('event', event)
    r.clock.advance(1000)
    expect(batches()).toBe(0)
    inspector.more()
    r.clock.advance(0)
    expect(batches()).toBe(1)
    inspector.more()
    r.clock.advance(1000)
    expect(batches()).toBe(1)
    r.socket.receive('event', event)
    r.clock.advance(0)
    expect(batches()).toBe(2)
    inspector.more()
    r.socket.receive('event', event)
    r.clock.advance(49)
    r.socket.receive('event', event)
    expect(batches()).toBe(2)
    r.clock.advance(1)
    expect(batches()).toBe(3)
    expect(inspector.entries.filter(({ type }) => type === 'frame')).toHaveLength(4)
    expect(r.clock.pending).toBe(0)
  })

  test('an inspector that does not ask loses the oldest, and hears how many; its clock does not run', async () => {
    const r = await rig({ deps: { stopwatch: () => 0 } })
    await r.open()
    const inspector = await inspect(r.engine)
    for (let i = 0; i < 45_000; i++) r.socket.receive('event', event)
    expect(r.clock.pending).toBe(0)
    for (let i = 0; i < 10; i++) {
      inspector.more()
      r.clock.advance(50)
    }
    const { entries, lost } = inspector
    expect(entries.length).toBeLessThanOrEqual(20_000)
    expect(entries.length + lost).toBe(45_001)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => (entries[0]?.seq ?? 0) + i))
    inspector.more()
    r.socket.receive('event', event)
    r.clock.advance(50)
    expect([inspector.entries.length, inspector.lost]).toEqual([entries.length, lost])
  })

  test('are small enough for a frame of the page: what is more comes with the next ones, in order, with what passes meanwhile', async () => {
    const r = await rig({ deps: { stopwatch: () => 0 } })
    await r.open()
    const inspector = await inspect(r.engine)
    for (let i = 0; i < 4500; i++) r.socket.receive('event', event)
    const sizes = (): readonly number[] =>
      inspector.messages.flatMap((message) => (message.type === 'entries' ? [message.entries.length] : []))
    for (let i = 0; i < 3; i++) {
      inspector.more()
      r.clock.advance(50)
      r.socket.receive('event', event)
    }
    expect(sizes().slice(0, 2)).toEqual([2000, 2000])
    inspector.more()
    r.clock.advance(50)
    expect(sizes().length).toBe(4)
    const { entries, lost } = inspector
    expect(lost).toBe(0)
    expect(entries.filter(({ type }) => type === 'frame')).toHaveLength(4503)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => (entries[0]?.seq ?? 0) + i))
  })

  test('several inspectors get everything, each at its own pace', async () => {
    const r = await rig()
    await r.open()
    const [one, two] = [await inspect(r.engine), await inspect(r.engine)]
    r.socket.receive('event', event)
    one.more()
    r.clock.advance(50)
    r.socket.receive('event', event)
    one.more()
    two.more()
    r.clock.advance(50)
    expect(two.entries).toEqual(one.entries)
    expect(two.entries.filter(({ type }) => type === 'frame')).toHaveLength(2)
  })
})

describe('the past', () => {
  const past = { type: 'more', past: true }

  test('comes ahead of the rest, once, to whoever asks for it with the first batch', async () => {
    const r = await rig({ config: { ringBytes: 1 << 20 } })
    await r.open()
    for (let i = 0; i < 3; i++) r.socket.receive('event', event)
    const inspector = await inspect(r.engine)
    const [hello] = inspector.messages
    r.socket.receive('event', event)
    inspector.post(past)
    r.clock.advance(50)
    const seqs = inspector.entries.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(hello).toMatchObject({ type: 'hello', seq: seqs.length })
    expect(inspector.entries.filter(({ type }) => type === 'frame').length).toBeGreaterThanOrEqual(4)
    inspector.post(past)
    r.socket.receive('event', event)
    r.clock.advance(50)
    expect(inspector.entries).toHaveLength(seqs.length + 1)
    expect(inspector.lost).toBe(0)
  })

  test('is not told to who does not ask, nor later, and there is none without a ring', async () => {
    const r = await rig({ config: { ringBytes: 1 << 20 } })
    await r.open()
    r.socket.receive('event', event)
    const [silent, late] = [await inspect(r.engine), await inspect(r.engine)]
    silent.more()
    late.more()
    r.socket.receive('event', event)
    r.clock.advance(50)
    late.post(past)
    r.clock.advance(50)
    expect(silent.entries).toHaveLength(1)
    expect(late.entries).toHaveLength(1)
    const without = await rig()
    await without.open()
    without.socket.receive('event', event)
    const inspector = await inspect(without.engine)
    inspector.post(past)
    without.clock.advance(50)
    expect(inspector.entries).toEqual([])
  })

  test('is the newest 20,000 entries at most', async () => {
    const r = await rig({ config: { ringBytes: 64 << 20 }, deps: { stopwatch: () => 0 } })
    await r.open()
    for (let i = 0; i < 25_000; i++) r.socket.receive('event', event)
    const inspector = await inspect(r.engine)
    inspector.post(past)
    r.clock.advance(50)
    for (let i = 1; i < 10; i++) {
      inspector.more()
      r.clock.advance(50)
    }
    expect(inspector.entries).toHaveLength(20_000)
    const { seq } = inspector.messages[0] as FeedMessage & { readonly type: 'hello' }
    expect(inspector.entries.at(-1)?.seq).toBe(seq - 1)
  })

  test('does not make way for what comes while it is told', async () => {
    const r = await rig({ config: { ringBytes: 64 << 20 }, deps: { stopwatch: () => 0 } })
    await r.open()
    for (let i = 0; i < 25_000; i++) r.socket.receive('event', event)
    const inspector = await inspect(r.engine)
    inspector.post(past)
    // Before the first batch, and then between any two.
    for (let i = 0; i < 12; i++) {
      r.socket.receive('event', event)
      r.clock.advance(50)
      inspector.more()
    }
    r.clock.advance(50)
    const { entries, lost, messages } = inspector
    const { seq } = messages[0] as FeedMessage & { readonly type: 'hello' }
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 20_012 }, (_, i) => seq - 20_000 + i))
    expect(lost).toBe(0)
  })
})

test('descriptors come before the first entry that needs them, each once, and again when they change', async () => {
  const r = await rig({ stores: [BoardStore] })
  await r.open()
  const inspector = await inspect(r.engine)
  const told = (): string[] =>
    inspector.messages.flatMap((message) => {
      if (message.type === 'defs')
        return [...message.stores, ...message.requests, ...message.events].map(({ name }) => name)
      return message.type === 'entries' ? [`${message.entries.length} entries`] : []
    })
  const again = (): string[] => {
    const from = told().length
    inspector.more()
    r.clock.advance(50)
    return told().slice(from)
  }
  await r.engine.cancel(0)
  void r.engine.call(1, Add, { x: 1, y: 2 }, 0)
  expect(again()).toEqual(['BoardStore', 'BoardStore.Add', '2 entries'])
  void r.engine.call(2, structuredClone(Add), { x: 1, y: 2 }, 0)
  await r.engine.listen(1, Tick)
  await r.engine.listen(2, Sound, 'k')
  await r.engine.listen(3, Sound, 'l')
  expect(again()).toEqual(['Tick', 'Board.Sound', '4 entries'])
  void r.engine.call(3, { ...Add, response: 'test.Packet' }, { x: 1, y: 2 }, 0)
  expect(again()).toEqual(['BoardStore.Add', '2 entries'])
})

describe('questions', () => {
  test('stores: what is subscribed and followed of them, and when they changed', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    const inspector = await inspect(r.engine)
    await r.watch(1, ['title'])
    await r.watch(2, ['items'], 0, { kind: 'size' })
    const [before] = inspector.ask({ type: 'stores' }).stores
    expect(before).toMatchObject({ name: 'BoardStore', seq: 0, fullStore: false })
    r.full(board())
    const [store] = inspector.ask({ type: 'stores' }).stores
    expect(store?.keys.map(({ wire, sent, live }) => [wire, sent, live])).toEqual([
      ['Title', true, true],
      ['Items', true, true],
    ])
    expect(store?.watches).toEqual([
      { page: 0, path: ['title'], list: false },
      { page: 0, path: ['items'], list: true },
    ])
    expect(store?.seq).toBeGreaterThan(0)
    r.raw({ storeName: 'BoardStore', kind: 2, partial: new Uint8Array([9, 1, 2]) })
    r.raw({ storeName: 'BoardStore', kind: 0, state: new Uint8Array([0x63]) })
    expect(inspector.ask({ type: 'stores' }).stores[0]).toMatchObject({
      held: 'resync',
      error: { store: 'BoardStore' },
    })
  })

  test('state: what the engine has now, or nothing', async () => {
    const r = await rig({ stores: [BoardStore] })
    await r.open()
    const inspector = await inspect(r.engine)
    expect(inspector.ask({ type: 'state', store: 'BoardStore' })).toEqual({ type: 'state', checkpoint: null })
    expect(inspector.ask({ type: 'state', store: 'Nobody' })).toEqual({ type: 'state', checkpoint: null })
    await r.watch(1, [])
    r.full(board())
    expect(stateNow(inspector, BoardStore)).toEqual(board())
    expect(inspector.ask({ type: 'state', store: 'BoardStore' }).checkpoint?.state.byteLength).toBe(
      encodeState(BoardStore, board()).length,
    )
  })

  test('bytes: of messages that the ring has; it keeps its own', async () => {
    const r = await rig({ config: { ringBytes: 100_000 } })
    await r.open()
    const inspector = await inspect(r.engine)
    const whole = new Uint8Array([9, 9, 1, 2, 3, 9])
    r.socket.receive('event', { ...event, event: whole.subarray(2, 5) })
    const seq = inspector.ask({ type: 'ring' }).ring.entries.find(({ type }) => type === 'frame')?.seq ?? 0
    whole.fill(0)
    for (let times = 0; times < 2; times++) {
      const { bytes } = inspector.ask({ type: 'bytes', seqs: [seq, 1, 10_000, -1, 0.5] })
      expect(bytes.map((one) => one && [...new Uint8Array(one)])).toEqual([[1, 2, 3], null, null, null, null])
    }
    const { ring } = inspector.ask({ type: 'ring' })
    expect(ring.payloads.map(([number, bytes]) => [number, bytes.byteLength])).toEqual([[seq, 3]])
    expect(ring.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: ring.last }, (_, i) => i + 1))
  })

  test('without a ring there are no bytes; keep turns it on, changes it, and off', async () => {
    const r = await rig()
    await r.open()
    const inspector = await inspect(r.engine)
    const empty = { first: 0, last: 0, entries: [], payloads: [], checkpoints: [] }
    r.socket.receive('event', event)
    expect(inspector.ask({ type: 'ring' }).ring).toEqual(empty)
    expect(inspector.ask({ type: 'bytes', seqs: [1] }).bytes).toEqual([null])
    inspector.post({ type: 'keep', ringBytes: 10_000 })
    r.socket.receive('event', event)
    expect(inspector.ask({ type: 'ring' }).ring.payloads).toHaveLength(1)
    inspector.post({ type: 'bye' })
    const next = await inspect(r.engine)
    expect(next.messages[0]).toMatchObject({ type: 'hello', ringBytes: 10_000 })
    expect(next.ask({ type: 'ring' }).ring.payloads).toHaveLength(1)
    next.post({ type: 'keep', ringBytes: 0 })
    expect(next.ask({ type: 'ring' }).ring).toEqual(empty)
  })

  test('nonsense is answered with an error, and stops nothing', async () => {
    const r = await rig({ config: { ringBytes: 10_000 } })
    const inspector = await inspect(r.engine)
    const bad: unknown[] = [
      null,
      undefined,
      7,
      'ring',
      {},
      { type: 'rings', id: 3 },
      { type: 'bytes', id: 3 },
      { type: 'bytes', id: 3, seqs: 'all' },
      { type: 'bytes', id: 3, seqs: [1, 1] },
      { type: 'bytes', id: 3, seqs: Array.from({ length: 10_001 }, (_, i) => i) },
      { type: 'keep', ringBytes: -1 },
      { type: 'keep', ringBytes: Infinity },
      { type: 'keep' },
    ]
    for (const request of bad) {
      const before = inspector.messages.length
      inspector.post(request)
      expect(inspector.messages.slice(before)).toMatchObject([
        { type: 'answer', answer: { type: 'error', error: { code: 'protocol' } } },
      ])
    }
    expect(inspector.messages.at(-1)).toMatchObject({ id: 0 })
    expect(inspector.ask({ type: 'stores' })).toEqual({ type: 'stores', stores: [] })
  })

  test('whatever is asked, it is answered once and nothing is thrown', async () => {
    const r = await rig({ stores: [BoardStore], config: { ringBytes: 10_000 } })
    const inspector = await inspect(r.engine)
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom('stores', 'bytes', 'state', 'ring', 'x'),
          seqs: fc.anything(),
          store: fc.anything(),
        }),
        (request) => {
          const before = inspector.messages.length
          inspector.post({ ...request, id: 5 })
          const answers = inspector.messages.slice(before).filter(({ type }) => type === 'answer')
          expect(answers).toMatchObject([{ type: 'answer', id: 5 }])
        },
      ),
    )
  })
})

describe('the end', () => {
  test('is said by the inspector, by its port, or by the engine', async () => {
    const r = await rig()
    const [said, closed, ended] = [await inspect(r.engine), await inspect(r.engine), await inspect(r.engine)]
    said.post({ type: 'bye' })
    closed.end()
    expect([said.closed, closed.closed, ended.closed]).toEqual([true, true, false])
    await r.engine.dispose()
    expect(ended.closed).toBe(true)
  })

  test('an engine that does not run closes the port', async () => {
    const r = hubRig()
    const control = r.hub.control()
    expect((await inspect(control)).closed).toBe(true)
    const page = await r.join()
    await page.control.dispose()
    expect((await inspect(page.control)).closed).toBe(true)
  })
})

test('on this thread, over the channel of places that have no other', async () => {
  const r = await rig({ config: { ringBytes: 10_000 } })
  await r.open()
  const { port1, port2 } = createLocalChannel()
  const messages: FeedMessage[] = []
  port1.addEventListener('message', ({ data }: MessageEvent<FeedMessage>) => messages.push(data))
  port1.start()
  await r.engine.inspect(port2)
  port1.postMessage({ type: 'ring', id: 1 })
  await eventually(() => expect(messages.map(({ type }) => type)).toEqual(['hello', 'answer']))
  expect(messages[0]).toMatchObject({ config: { ...CONFIG, ringBytes: 10_000 }, status: { state: 'connected' } })
  await settled()
})
