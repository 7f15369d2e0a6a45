import { frameUnit, type StreamUnit, unitSize } from '@rivulet/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStreamScheduler } from '../../src/index.ts'

function unit(streamID: string, sequence: number, bytes = 1000, more: Partial<StreamUnit> = {}): StreamUnit {
  const ids = { generation: 1n, sequence: BigInt(sequence), frameID: BigInt(sequence), timestamp: 0n }
  return frameUnit({ streamID, format: 'raw', ...ids, payload: new Uint8Array(bytes), ...more })
}

const RESTART = { recovery: true, discontinuity: true }

describe('the stream scheduler', () => {
  test('feature 172: keeps the order of a stream', () => {
    const scheduler = createStreamScheduler()
    scheduler.register('a')
    for (let i = 1; i <= 50; i++) expect(scheduler.push(unit('a', i))).toBe('queued')
    const sent = Array.from({ length: 50 }, () => scheduler.next()?.sequence)
    expect(sent).toEqual(Array.from({ length: 50 }, (_, i) => BigInt(i + 1)))
    expect(scheduler.next()).toBeNull()
    expect([scheduler.queuedBytes, scheduler.queuedUnits, scheduler.dropped]).toEqual([0, 0, 0])
  })

  test('feature 167: shares by weight, whatever the size of units', () => {
    const scheduler = createStreamScheduler({ quantum: 2000 })
    scheduler.register('a', { weight: 3 })
    scheduler.register('b')
    for (let i = 1; i <= 300; i++) scheduler.push(unit('a', i, 5000))
    for (let i = 1; i <= 500; i++) scheduler.push(unit('b', i, 500))
    const bytes = { a: 0, b: 0 }
    for (let i = 0; i < 250; i++) {
      const next = scheduler.next() as StreamUnit
      bytes[next.streamID as 'a' | 'b'] += unitSize(next)
    }
    expect(bytes.a / bytes.b).toBeGreaterThan(2.5)
    expect(bytes.a / bytes.b).toBeLessThan(3.5)
  })

  test('feature 167: lets the one that was silent for too long go first, the latest first of all', () => {
    let time = 0
    const scheduler = createStreamScheduler({ now: () => time })
    scheduler.register('bulk', { weight: 1000 })
    scheduler.register('voice', { maxSilenceMs: 20 })
    scheduler.register('alarm', { maxSilenceMs: 10 })
    for (let i = 1; i <= 10; i++) scheduler.push(unit('bulk', i))
    scheduler.push(unit('voice', 1))
    scheduler.push(unit('alarm', 1))
    expect(scheduler.next()?.streamID).toBe('bulk')
    time = 25
    expect([scheduler.next()?.streamID, scheduler.next()?.streamID]).toEqual(['alarm', 'voice'])
    expect(scheduler.next()?.streamID).toBe('bulk')
  })

  test('feature 167: a unit that does not fit costs the stream its thread, until a frame starts anew', () => {
    const scheduler = createStreamScheduler({ maxUnits: 2 })
    scheduler.register('a')
    scheduler.register('b')
    expect(scheduler.push(unit('a', 1))).toBe('queued')
    expect(scheduler.push(unit('b', 1))).toBe('queued')
    expect(scheduler.push(unit('a', 2))).toBe('full')
    expect(scheduler.push(unit('a', 3))).toBe('needs-recovery')
    expect(scheduler.push(unit('a', 4, 10, { recovery: true }))).toBe('needs-recovery')
    expect(scheduler.push(unit('a', 5, 10, { discontinuity: true }))).toBe('needs-recovery')
    expect(scheduler.push(unit('a', 6, 10, RESTART))).toBe('queued')
    expect(scheduler.dropped).toBe(4)
    const sent = [scheduler.next(), scheduler.next(), scheduler.next()]
    expect(new Set(sent.map((next) => next && `${next.streamID}${next.sequence}`))).toEqual(new Set(['a6', 'b1', null]))
  })

  test('feature 167: a recovery frame makes what waits of its stream useless', () => {
    const scheduler = createStreamScheduler()
    scheduler.register('a')
    for (let i = 1; i <= 5; i++) scheduler.push(unit('a', i))
    scheduler.push(unit('a', 6, 10, { recovery: true }))
    expect(scheduler.queuedUnits).toBe(1)
    expect(scheduler.next()?.sequence).toBe(6n)
  })

  test('a unit above the bound never gets in', () => {
    const scheduler = createStreamScheduler({ maxBytes: 1000 })
    scheduler.register('a')
    expect(scheduler.push(unit('a', 1, 1000))).toBe('full')
    expect(scheduler.push(unit('a', 2, 1000, RESTART))).toBe('full')
  })

  test('a stream comes and goes', () => {
    const scheduler = createStreamScheduler()
    expect(() => scheduler.push(unit('a', 1))).toThrow(/not registered/)
    scheduler.register('a')
    expect(() => scheduler.register('a')).toThrow(/already/)
    expect(() => scheduler.register('b', { weight: 0 })).toThrow(/between 0.01/)
    expect(() => createStreamScheduler({ quantum: 0 })).toThrow(/above 0/)
    scheduler.push(unit('a', 1))
    scheduler.unregister('a')
    scheduler.unregister('a')
    expect([scheduler.next(), scheduler.queuedBytes]).toEqual([null, 0])
  })

  test('features 167 and 172: whatever happens, the bounds hold, nothing is made up, and everything queued comes out in order', () => {
    const steps = fc.array(
      fc.record({
        stream: fc.constantFrom('a', 'b', 'c'),
        bytes: fc.integer({ min: 1, max: 3000 }),
        restart: fc.boolean(),
        send: fc.nat(3),
      }),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(steps, (all) => {
        const scheduler = createStreamScheduler({ maxBytes: 6000, maxUnits: 5, quantum: 700 })
        for (const [i, id] of ['a', 'b', 'c'].entries()) scheduler.register(id, { weight: i + 1 })
        const expected: Record<string, bigint[]> = { a: [], b: [], c: [] }
        let sequence = 0
        for (const { stream, bytes, restart, send } of all) {
          const queue = expected[stream] as bigint[]
          const result = scheduler.push(unit(stream, ++sequence, bytes, restart ? RESTART : {}))
          if (restart) queue.length = 0
          if (result === 'queued') queue.push(BigInt(sequence))
          expect(scheduler.queuedBytes).toBeLessThanOrEqual(6000)
          expect(scheduler.queuedUnits).toBe(Object.values(expected).flat().length)
          for (let i = 0; i < send; i++) {
            const next = scheduler.next()
            expect(next?.sequence).toBe(next === null ? undefined : expected[next.streamID]?.shift())
          }
        }
      }),
    )
  })
})
