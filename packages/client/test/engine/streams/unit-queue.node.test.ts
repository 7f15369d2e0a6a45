import type { StreamUnit } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createUnitQueue, type UnitQueue } from '../../../src/engine/streams/unit-queue.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'
import { block, frame } from '../../support/stream-rig.ts'

interface Rig {
  readonly queue: UnitQueue
  readonly clock: FakeClock
  readonly got: { readonly unit: StreamUnit; readonly lost: number }[]
  readonly broken: string[]
  /** The taker is done with all it has. */
  readonly take: () => void
  readonly numbers: () => number[]
}

function rig(maxUnits = 10, maxBytes = 1_000_000): Rig {
  const clock = fakeClock()
  const got: Rig['got'] = []
  const broken: string[] = []
  let taken = 0
  const queue = createUnitQueue({
    maxUnits,
    maxBytes,
    clock,
    deliver: (unit, { lost }) => got.push({ unit, lost }),
    broken: (why) => broken.push(why),
  })
  return {
    queue,
    clock,
    got,
    broken,
    take() {
      for (; taken < got.length; taken++) queue.taken(1, got[taken]?.unit.payload.length ?? 0)
    },
    numbers: () => got.map(({ unit }) => Number(unit.sequence)),
  }
}

/** What the taker gets before it says anything. */
const AHEAD = 32
const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => i + from)

describe('units for a slow taker', () => {
  test('go on as they are taken, in order', () => {
    const { queue, take, numbers, got } = rig()
    for (const n of upTo(AHEAD + 10)) queue.push(frame(n), 0)
    expect(numbers()).toEqual(upTo(AHEAD))
    expect(queue.isDrained()).toBe(false)
    take()
    expect(numbers()).toEqual(upTo(AHEAD + 10))
    expect(got.every(({ unit, lost }) => lost === 0 && !unit.discontinuity)).toBe(true)
    expect(queue.isDrained()).toBe(true)
  })

  test('beyond the bound frames are dropped up to the next recovery frame, which says how many', () => {
    const { queue, take, numbers, got } = rig()
    for (const n of upTo(AHEAD + 15)) queue.push(frame(n), n === AHEAD + 12 ? 3 : 0)
    take()
    // There is room, but what comes now builds on what was lost.
    queue.push(frame(AHEAD + 16), 0)
    queue.push(frame(AHEAD + 17, { recovery: true }), 0)
    queue.push(frame(AHEAD + 18), 0)
    take()
    expect(numbers()).toEqual([...upTo(AHEAD + 10), AHEAD + 17, AHEAD + 18])
    expect(got.at(-2)).toMatchObject({ lost: 9, unit: { discontinuity: true } })
    expect(got.at(-1)).toMatchObject({ lost: 0, unit: { discontinuity: false } })
  })

  test('a recovery frame that finds no room makes what waits useless', () => {
    const { queue, take, numbers, got, broken } = rig()
    for (const n of upTo(AHEAD + 10)) queue.push(frame(n), 0)
    queue.push(frame(AHEAD + 11, { recovery: true }), 0)
    take()
    expect(numbers()).toEqual([...upTo(AHEAD), AHEAD + 11])
    expect(got.at(-1)).toMatchObject({ lost: 10, unit: { discontinuity: true } })
    expect(broken).toEqual([])
  })

  test('of block sets none is left out: the stream is broken, and goes on once all is taken', () => {
    const { queue, take, numbers, got, broken } = rig()
    for (const n of upTo(AHEAD + 10)) queue.push(block(n), 0)
    expect(broken).toEqual([])
    queue.push(block(AHEAD + 11), 0)
    expect(broken).toEqual(['blocks were lost'])
    let drained = 0
    queue.whenDrained(() => drained++)
    expect(drained).toBe(0)
    take()
    expect([drained, numbers()]).toEqual([1, upTo(AHEAD)])
    queue.push(block(1, { generation: 2n }), 0)
    expect(got.at(-1)).toMatchObject({ lost: 11, unit: { discontinuity: true } })
  })

  test('a source that never starts anew is asked to, but not while nobody takes anything', () => {
    const { queue, take, clock, broken } = rig()
    for (const n of upTo(AHEAD + 11)) queue.push(frame(n), 0)
    clock.advance(60_000)
    expect(broken).toEqual([])
    take()
    clock.advance(9_999)
    expect(broken).toEqual([])
    clock.advance(1)
    expect(broken).toEqual(['no recovery frame came within 10000 ms'])
    queue.push(frame(1, { generation: 2n }), 0)
    expect(queue.isDrained()).toBe(true)
    expect(clock.pending).toBe(0)
  })

  test('one unit fits, however large; more than the bytes do not', () => {
    const { queue, take, numbers } = rig(10, 1000)
    const large = { payload: new Uint8Array(5_000_000) }
    queue.push(frame(1, large), 0)
    queue.push(frame(2, large), 0)
    queue.push(frame(3, large), 0)
    expect(numbers()).toEqual([1])
    take()
    take()
    expect(numbers()).toEqual([1, 2])
    queue.close()
    queue.push(frame(4, { recovery: true }), 0)
    take()
    expect(numbers()).toEqual([1, 2])
  })

  test('a taker that is done at once may take any number', () => {
    const clock = fakeClock()
    let count = 0
    const queue: UnitQueue = createUnitQueue({
      maxUnits: 1,
      maxBytes: 1,
      clock,
      deliver(unit) {
        count++
        queue.taken(1, unit.payload.length)
      },
      broken: () => expect.unreachable(),
    })
    for (const n of upTo(20_000)) queue.push(frame(n), 0)
    expect(count).toBe(20_000)
  })

  test('any mixture: within bounds, in order, each unit delivered or counted, nothing after a loss but a fresh start', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ recovery: fc.boolean(), bytes: fc.integer({ min: 1, max: 400_000 }) }) },
      { weight: 1, arbitrary: fc.constant('take' as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { queue, take, got, broken } = rig(5, 1_000_000)
        let pushed = 0
        for (const s of steps) {
          if (s === 'take') take()
          else queue.push(frame(++pushed, { recovery: s.recovery, payload: new Uint8Array(s.bytes) }), 0)
        }
        queue.push(frame(++pushed, { recovery: true }), 0)
        for (let i = 0; i < 20; i++) take()
        expect(broken).toEqual([])
        let last = 0
        for (const { unit, lost } of got) {
          expect(Number(unit.sequence)).toBe(last + lost + 1)
          expect(lost === 0 || (unit.recovery && unit.discontinuity)).toBe(true)
          last = Number(unit.sequence)
        }
        expect(last).toBe(pushed)
      }),
    )
  })
})
