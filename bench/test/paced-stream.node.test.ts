import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacedStream, moves, type Sender } from '../src/devtools/paced-stream.ts'
import { ROWS, STREAM } from '../src/devtools/stream.ts'

const PER_SECOND = STREAM.messages - STREAM.answers

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function recorder() {
  const updates: (readonly [row: number, x: number])[] = []
  const events: number[] = []
  const sizes: number[] = []
  const count = (): number => updates.length + events.length
  const to: Sender = {
    update: (row, x) => void updates.push([row, x]),
    event: (n) => void events.push(n),
    together(send) {
      const before = count()
      send()
      sizes.push(count() - before)
    },
    soon: (next) => void setTimeout(next, 0),
  }
  return { to, updates, events, sizes, count }
}

test('keeps its rate, in few at once, with as many events as it is to have', async () => {
  const { to, updates, events, sizes, count } = recorder()
  const stream = createPacedStream(to)
  stream.start()
  await vi.advanceTimersByTimeAsync(2000)
  stream.stop()
  expect(Math.abs(count() - 2 * PER_SECOND)).toBeLessThan(20)
  expect(Math.abs(events.length - 2 * STREAM.events)).toBeLessThan(20)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(16)
  expect(new Set(updates.map(([row]) => row)).size).toBe(ROWS)
})

test('makes up for timers that are late', async () => {
  const { to, count } = recorder()
  const stream = createPacedStream(to)
  stream.start()
  const before = count()
  vi.setSystemTime(Date.now() + 500)
  vi.advanceTimersByTime(500)
  stream.stop()
  expect(Math.abs(count() - before - PER_SECOND / 2)).toBeLessThan(20)
})

test('sends nothing after stop(), and starts from its beginning again, once', async () => {
  const { to, updates, events, count } = recorder()
  const stream = createPacedStream(to)
  stream.start()
  await vi.advanceTimersByTimeAsync(100)
  stream.stop()
  const first = updates.slice(0, 5)
  const sent = count()
  await vi.advanceTimersByTimeAsync(100)
  expect(count()).toBe(sent)
  updates.length = events.length = 0
  stream.start()
  stream.start()
  await vi.advanceTimersByTimeAsync(100)
  stream.stop()
  expect(updates.slice(0, 5)).toEqual(first)
  expect(Math.abs(count() - PER_SECOND / 10)).toBeLessThan(20)
})

test('sends only moves that are known in advance, and each time another x to a row', async () => {
  const { to, updates } = recorder()
  const stream = createPacedStream(to)
  stream.start()
  await vi.advanceTimersByTimeAsync(1000)
  stream.stop()
  const last = new Map<number, number>()
  for (const [row, x] of updates) {
    expect(moves[x * 8]).toEqual({ row, x })
    expect(last.get(row)).not.toBe(x)
    last.set(row, x)
  }
})
