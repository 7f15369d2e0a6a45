import type { StreamUnit } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createStreamHandlers } from '../../../src/engine/streams/handlers.ts'
import { block, frame, streamRig, type StreamRig, VIDEO } from '../../support/stream-rig.ts'

// One stream in several tabs that share an engine: tabs are seats here.

type PageEnd = ReturnType<StreamRig['open']>

const RECOVERY = { recovery: true }

const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => i + from)

/** A live stream that `first` has, and a way for others to come to it. */
async function shared(
  options?: Parameters<StreamRig['open']>[1],
): Promise<{ rig: StreamRig; first: PageEnd; join: (seat: number, more?: object) => PageEnd }> {
  const rig = streamRig()
  rig.connect()
  const first = rig.open('k', options)
  await rig.endpoint('stream-1', 'a')
  rig.last.accept()
  return { rig, first, join: (seat, more) => rig.open('k', { seat, ...more }) }
}

describe('two tabs', () => {
  test('have one subscription and one data connection; each gets every unit, in memory of its own', async () => {
    const { rig, first, join } = await shared()
    const second = join(1)
    expect([first.state, second.state]).toEqual(['live', 'live'])
    const payload = new Uint8Array(10).fill(7)
    for (const n of upTo(3)) rig.last.send(frame(n, { payload }))
    expect([first.numbers(), second.numbers()]).toEqual([upTo(3), upTo(3)])
    for (const page of [first, second])
      expect(page.units.map((unit) => unit.payload)).toEqual([payload, payload, payload])
    expect(first.units[0]?.payload.buffer).not.toBe(second.units[0]?.payload.buffer)
    expect([rig.asked, rig.sockets.length]).toEqual([['+stream-1 k'], 1])
  })

  test('one that goes leaves it to the other; the last gives it back', async () => {
    const { rig, first, join } = await shared()
    const second = join(1)
    rig.streams.leave(0)
    expect([first.state, first.closed, rig.last.closed]).toEqual(['closed', true, false])
    rig.last.send(frame(1))
    expect([first.numbers(), second.numbers()]).toEqual([[], [1]])
    second.say({ type: 'close' })
    expect([second.state, second.closed, rig.last.closed]).toEqual(['closed', true, true])
    expect(rig.asked).toEqual(['+stream-1 k', '-stream-1 k'])
    expect(rig.clock.pending).toBe(0)
  })

  test('one that opens it again takes its own place, and nobody else notices', async () => {
    const { rig, first, join } = await shared()
    const second = join(1)
    const again = join(1)
    expect([second.state, again.state, rig.asked]).toEqual(['closed', 'live', ['+stream-1 k']])
    // What the older port says late is of no interest.
    second.say({ type: 'close' })
    rig.last.send(frame(1))
    expect([first.numbers(), second.numbers(), again.numbers()]).toEqual([[1], [], [1]])
  })

  test('hear the same about the data connection', async () => {
    const { rig, first, join } = await shared()
    const second = join(1)
    rig.last.hangUp()
    expect([first.statuses.at(-1), second.statuses.at(-1)]).toMatchObject([
      { state: 'reconnecting' },
      { state: 'reconnecting' },
    ])
    rig.clock.advance(60_000)
    // It may have been asked for anew.
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect([first.state, second.state]).toEqual(['live', 'live'])
  })

  test('a handler in the worker has one consumer for each of them', async () => {
    const handlers = createStreamHandlers()
    const closed = vi.fn<() => void>()
    handlers.handle(VIDEO, (stream) => {
      let count = 0
      return { onUnit: () => stream.post(++count), onMessage: (message) => stream.post(message), onClose: closed }
    })
    const rig = streamRig(handlers)
    rig.connect()
    const [first, second] = [rig.open('k'), rig.open('k', { seat: 1 })]
    await rig.endpoint('stream-1', 'a')
    rig.last.accept()
    rig.last.send(frame(1))
    second.say({ type: 'post', message: 'mine' })
    expect([first.messages, second.messages]).toEqual([[1], [1, 'mine']])
    first.say({ type: 'close' })
    expect(closed).toHaveBeenCalledTimes(1)
  })
})

describe('a tab that comes later', () => {
  test('begins with the next recovery frame, and misses nothing', async () => {
    const { rig, first, join } = await shared()
    rig.last.send(frame(1, RECOVERY))
    rig.last.send(frame(2))
    const second = join(1)
    rig.last.send(frame(3))
    rig.last.send(frame(4, RECOVERY))
    rig.last.send(frame(5))
    expect([first.numbers(), second.numbers()]).toEqual([upTo(5), [4, 5]])
    expect([second.lost, rig.errors, rig.sockets.length]).toEqual([[0, 0], [], 1])
  })

  test('gets a data connection of its own when no recovery frame comes', async () => {
    const { rig, first, join } = await shared()
    rig.last.send(frame(1, RECOVERY))
    const second = join(1)
    rig.last.send(frame(2))
    rig.clock.advance(10_000)
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-2 k'])
    const [old] = rig.sockets
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    for (const n of upTo(5, 3)) old?.send(frame(n))
    rig.last.send(frame(5))
    expect([first.numbers(), first.lost, second.numbers(), second.lost]).toEqual([upTo(5), [0, 0, 0, 0, 0], [5], [0]])
    expect([first.state, second.state, rig.errors]).toEqual(['live', 'live', []])
  })

  test('has one of its own at once when the stream has shown no recovery frame, as with blocks', async () => {
    const { rig, first, join } = await shared()
    rig.last.send(block(1))
    const second = join(1)
    expect(second.state).toBe('opening')
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-2 k'])
    const [old] = rig.sockets
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    rig.last.send(block(1))
    old?.send(block(2))
    expect([first.numbers(), second.numbers()]).toEqual([upTo(2), [1]])
    // A third one may share what has just begun for the second? No: units of it are gone.
    join(2)
    expect(rig.asked.at(-1)).toBe('+stream-3 k')
  })

  test('and when blocks follow where it waited for a frame', async () => {
    const { rig, join } = await shared()
    rig.last.send(frame(1, RECOVERY))
    const second = join(1)
    rig.last.send(block(2))
    expect(rig.asked).toEqual(['+stream-1 k', '+stream-2 k'])
    expect(second.units).toEqual([])
  })

  test('has one of its own when the first has stopped, until that has caught up', async () => {
    const { rig, first, join } = await shared({ stalled: true, config: { maxUnits: 2 } })
    for (const n of upTo(40)) rig.last.send(block(n))
    expect(first.error).toMatchObject({ code: 'limit' })
    const second = join(1)
    expect([second.state, rig.asked.at(-1)]).toEqual(['opening', '+stream-2 k'])
  })
})

describe('a tab that does not keep up', () => {
  test('loses frames; the others get all of them', async () => {
    const { rig, first, join } = await shared()
    const slow = join(1, { stalled: true, config: { maxUnits: 4 } })
    for (const n of upTo(100)) rig.last.send(frame(n, n % 10 === 0 ? RECOVERY : {}))
    expect(first.numbers()).toEqual(upTo(100))
    expect(slow.numbers()).toEqual(upTo(32))
    slow.say({ type: 'taken', units: 32, bytes: 320 })
    expect(slow.numbers()).toEqual([...upTo(32), 100])
    expect(slow.lost.at(-1)).toBe(67)
    expect(rig.errors).toEqual([])
  })

  test('loses its thread in blocks: the stream starts anew for it alone, with what is missing counted', async () => {
    const { rig, first, join } = await shared()
    const slow = join(1, { stalled: true, config: { maxUnits: 2 } })
    for (const n of upTo(40)) rig.last.send(block(n))
    expect(first.numbers()).toEqual(upTo(40))
    expect([first.state, slow.state, slow.error?.code]).toEqual(['live', 'reconnecting', 'limit'])
    expect(rig.errors).toMatchObject([{ code: 'limit', store: 'Cam', path: ['Video', 'k'] }])
    expect(rig.asked).toEqual(['+stream-1 k'])
    slow.say({ type: 'taken', units: 32, bytes: 320 })
    expect([slow.state, rig.asked.at(-1)]).toEqual(['reconnecting', '+stream-2 k'])
    await rig.endpoint('stream-2', 'b')
    rig.last.accept()
    expect([first.state, slow.state]).toEqual(['live', 'live'])
    rig.last.send(block(51))
    // 33 and 34 waited and were given up with 35, the rest went by.
    expect([slow.numbers().at(-1), slow.lost.at(-1), slow.units.at(-1)?.discontinuity]).toEqual([51, 18, true])
    expect(first.numbers()).toEqual(upTo(40))
  })

  test('one that leaves while it waits is forgotten', async () => {
    const { rig, join } = await shared()
    const slow = join(1, { stalled: true, config: { maxUnits: 2 } })
    for (const n of upTo(40)) rig.last.send(block(n))
    rig.streams.leave(1)
    slow.say({ type: 'taken', units: 32, bytes: 320 })
    expect([slow.state, slow.closed, rig.asked]).toEqual(['closed', true, ['+stream-1 k']])
    rig.streams.dispose()
    expect([rig.asked.at(-1), rig.clock.pending]).toEqual(['-stream-1 k', 0])
  })
})

test('any coming, going, stalling and sending: in order, each unit delivered or counted, and nothing is left', async () => {
  const seat = fc.integer({ min: 0, max: 3 })
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ send: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ open: seat, stalled: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ leave: seat }) },
    { weight: 1, arbitrary: fc.record({ take: seat }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
      const rig = streamRig()
      rig.connect()
      const pages = new Map<number, PageEnd>()
      const answered = new Set<string>()
      const all: PageEnd[] = []
      let n = 0
      const send = (unit: StreamUnit): void => {
        for (const socket of rig.sockets) if (!socket.closed) socket.send(unit)
      }
      for (const s of steps) {
        if ('send' in s) send(frame(++n, { recovery: s.send }))
        else if ('open' in s) {
          const page = rig.open('k', { seat: s.open, stalled: s.stalled, config: { maxUnits: 3 } })
          pages.set(s.open, page)
          all.push(page)
        } else if ('leave' in s) {
          rig.streams.leave(s.leave)
          pages.delete(s.leave)
        } else pages.get(s.take)?.say({ type: 'taken', units: 1, bytes: 10 })
        for (const [, id = ''] of rig.asked.map((line) => /^\+(\S+)/.exec(line) ?? [])) {
          if (answered.has(id)) continue
          answered.add(id)
          await rig.endpoint(id, id)
          rig.sockets.at(-1)?.accept()
        }
      }
      for (const page of all) {
        const numbers = page.numbers()
        const due = numbers.slice(0, -1).map((before, i) => before + (page.lost[i + 1] ?? NaN) + 1)
        expect(numbers.slice(1)).toEqual(due)
      }
      for (const page of pages.values()) expect(page.closed).toBe(false)
      rig.streams.dispose()
      for (const page of all) expect(page.closed).toBe(true)
      expect(rig.asked.filter((line) => line.startsWith('+')).length).toBe(
        rig.asked.filter((line) => line.startsWith('-')).length,
      )
      expect(rig.sockets.every(({ closed }) => closed)).toBe(true)
      expect(rig.clock.pending).toBe(0)
    }),
    { numRuns: 40 },
  )
})
