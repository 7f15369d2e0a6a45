import { decodeState, encodeDelta, encodeState } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedEntry, FrameEntry } from '../../../src/feed-protocol.ts'
import { createCheckpoints } from '../../../src/engine/inspect/checkpoints.ts'
import { createRing } from '../../../src/engine/inspect/ring.ts'
import { createStoreFeed, type FeedHost, type StoreFeed } from '../../../src/engine/store-feed.ts'
import { board, BoardStore } from '../../support/board.ts'
import { inspect, rebuilt } from '../../support/inspected.ts'
import { rig } from '../../support/rig.ts'

const nothing = { feeds: new Map<string, StoreFeed>(), now: () => 1, stopwatch: () => 0 }

const frame = (seq: number, bytes: number, error = ''): FrameEntry => ({
  type: 'frame',
  seq,
  at: seq,
  dir: 'in',
  kind: 'event',
  bytes,
  ...(error === '' ? {} : { error: { code: 'protocol', what: error } }),
})

describe('a ring', () => {
  test('holds the youngest entries with their bytes, within its bounds, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.tuple(fc.option(fc.nat(3_000)), fc.boolean(), fc.nat(200)), { minLength: 1, maxLength: 200 }),
        fc.option(fc.integer({ min: 1, max: 20_000 })),
        (limit, messages, resized) => {
          const ring = createRing(limit, 10, nothing)
          const all: FeedEntry[] = []
          for (const [i, [size, within, text]] of messages.entries()) {
            const seq = 11 + i
            const entry = frame(seq, size ?? 0, 'x'.repeat(text))
            all.push(entry)
            const kept = ring.add(entry, size === null ? null : new Uint8Array(size).fill(seq), within && i > 0)
            expect(kept).toBe(size === null || size <= limit / 2)
          }
          if (resized !== null) ring.resize(resized)
          const { first, last, entries, payloads } = ring.copy()
          expect(last).toBe(all.at(-1)?.seq)
          expect(entries).toEqual(all.slice(first - 11))
          for (const [seq, bytes] of payloads)
            expect(new Uint8Array(bytes).every((byte) => byte === seq % 256)).toBe(true)
          const sizes = new Map(messages.map(([size], i) => [11 + i, size]))
          const expected = entries.filter(({ seq }) => (sizes.get(seq) ?? Infinity) <= limit / 2).map(({ seq }) => seq)
          expect(payloads.map(([seq]) => seq)).toEqual(expected)
          for (const [seq, bytes] of payloads) expect(bytes.byteLength).toBe(sizes.get(seq))
          expect(ring.bytesOf(first - 1)).toBe(null)
        },
      ),
    )
  })

  test('of 100 kB holds no more than that, and not much less', () => {
    const ring = createRing(100_000, 0, nothing)
    for (let seq = 1; seq <= 5_000; seq++) ring.add(frame(seq, 100), new Uint8Array(100), false)
    const { entries, payloads } = ring.copy()
    const bytes = payloads.reduce((sum, [, one]) => sum + one.byteLength, 0) + entries.length * 256
    expect(bytes).toBeLessThanOrEqual(100_000)
    expect(bytes).toBeGreaterThan(70_000)
    expect(entries.at(-1)?.seq).toBe(5_000)
    ring.resize(10_000)
    expect(ring.copy().entries.length * 356).toBeLessThanOrEqual(100_000 / 4 + 356)
    for (let seq = 5_001; seq <= 5_100; seq++) ring.add(frame(seq, 100), new Uint8Array(100), false)
    expect(ring.copy().entries.length * 356).toBeLessThanOrEqual(10_000)
  })
})

/** A feed with a state, and what it needs of an engine. */
function feedOf(state: unknown): StoreFeed {
  const feed = createStoreFeed(BoardStore, {} as FeedHost)
  feed.state = state
  return feed
}

describe('checkpoints', () => {
  test('are encoded when the state is about to change, not before', () => {
    const feed = feedOf(board({ title: 'one' }))
    const feeds = new Map([['BoardStore', feed]])
    const points = createCheckpoints({ ...nothing, feeds, room: () => true }, 0)
    points.before(feed)
    const first = points.bytes
    expect(first).toBeGreaterThan(0)
    points.applied(feed, 1)
    feed.state = board({ title: 'two' })
    points.before(feed)
    points.close()
    expect(points.bytes).toBe(first)
    points.before(feed)
    expect(points.bytes).toBeGreaterThan(first)
    const { checkpoints, gaps } = points.all()
    expect(gaps).toEqual([])
    expect(
      checkpoints.map(({ seq, state }) => [seq, (decodeState(BoardStore, state) as { title: string }).title]),
    ).toEqual([
      [0, 'one'],
      [1, 'two'],
    ])
    points.drop(2)
    expect(points.all().checkpoints.map(({ seq }) => seq)).toEqual([1])
    expect(points.bytes).toBe(points.all().checkpoints[0]?.state.byteLength)
  })

  test('take about a twentieth of the time, however often they are due, and say what is missing', () => {
    const feed = feedOf(board())
    const { state } = feed
    let now = 0
    let encoding = 0
    Object.defineProperty(feed, 'state', {
      get() {
        encoding += 4
        now += 4
        return state
      },
    })
    const feeds = new Map([['BoardStore', feed]])
    const points = createCheckpoints({ feeds, now: () => 1, stopwatch: () => now, room: () => true }, 0)
    let taken = 0
    for (let seq = 1; seq <= 20_000; seq++) {
      now += 1
      const before = points.bytes
      points.before(feed)
      if (points.bytes > before) taken++
      points.odd(feed, seq, true)
    }
    expect(taken).toBeGreaterThan(100)
    expect(encoding / now).toBeLessThan(0.08)
    expect(points.all().gaps.length).toBeGreaterThan(1_000)
  })

  test('that do not fit are left out, and said to be missing where messages do not tell the state', () => {
    const feed = feedOf(board())
    const feeds = new Map([['BoardStore', feed]])
    const points = createCheckpoints({ ...nothing, feeds, room: () => false }, 0)
    points.before(feed)
    points.applied(feed, 1)
    points.before(feed)
    points.odd(feed, 2, false)
    points.before(feed)
    expect(points.all()).toEqual({ checkpoints: [], gaps: [{ store: 'BoardStore', seq: 2 }] })
    expect(points.bytes).toBe(0)
  })

  test('of a state that cannot be encoded are gaps', () => {
    const feed = feedOf({ title: 7 })
    const points = createCheckpoints({ ...nothing, feeds: new Map([['BoardStore', feed]]), room: () => true }, 0)
    points.odd(feed, 1, false)
    points.before(feed)
    expect(points.all()).toEqual({ checkpoints: [], gaps: [{ store: 'BoardStore', seq: 1 }] })
  })

  test('of a feed that is not the one of its name are none', () => {
    const points = createCheckpoints({ ...nothing, room: () => true }, 0)
    points.odd(feedOf(board()), 1, false)
    expect(points.all()).toEqual({ checkpoints: [], gaps: [] })
  })
})

test('a long stream: the ring goes on, and each of its moments can be rebuilt', async () => {
  const r = await rig({ stores: [BoardStore], config: { ringBytes: 40_000 } })
  await r.open()
  await r.watch(1, [])
  r.full(board({ title: '0' }))
  const inspector = await inspect(r.engine)
  for (let i = 1; i <= 2_000; i++) {
    const bytes = encodeDelta(BoardStore, { title: { set: String(i) } })
    r.raw({ storeName: 'BoardStore', kind: 2, partial: bytes })
  }
  const { ring } = inspector.ask({ type: 'ring' })
  expect(ring.entries.length).toBeGreaterThan(80)
  expect(ring.entries.length).toBeLessThan(160)
  expect(ring.gaps).toBe(undefined)
  const titles = ring.entries.map(({ seq }) => (rebuilt(ring, BoardStore, seq) as { title: string }).title)
  expect(titles).toEqual(ring.entries.map((_, i) => String(2_000 - ring.entries.length + 1 + i)))
})

test('a message that is larger than half of the ring is not kept, and what it made is known from its checkpoint or not at all', async () => {
  const r = await rig({ stores: [BoardStore], config: { ringBytes: 20_000 } })
  await r.open()
  await r.watch(1, [])
  r.full(board({ title: 'x'.repeat(30_000) }))
  const inspector = await inspect(r.engine)
  const large = inspector.ask({ type: 'ring' }).ring
  expect(large.payloads).toEqual([])
  expect(rebuilt(large, BoardStore, large.last)).toBe('unknown')
  r.full(board({ title: 'small' }))
  const { ring } = inspector.ask({ type: 'ring' })
  expect(rebuilt(ring, BoardStore, ring.last)).toEqual(board({ title: 'small' }))
  expect(encodeState(BoardStore, board()).length).toBeLessThan(10_000)
})
