import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContinuity } from '../../../src/engine/streams/continuity.ts'
import { frame } from '../../support/stream-rig.ts'

describe('continuity', () => {
  test('of one generation, whatever arrives in whatever order: nothing twice, and all that is missing is counted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 100 }), (sequences) => {
        const continuity = createContinuity(
          () => 0,
          () => expect.unreachable(),
        )
        let last = 0
        let first = 0
        let taken = 0
        let lost = 0
        for (const n of sequences) {
          const admission = continuity.admit(frame(n))
          expect(admission === null).toBe(n <= last)
          if (admission === null) continue
          first ||= n
          taken++
          lost += taken === 1 ? 0 : admission.lost
          expect(admission.discontinuity).toBe(taken > 1 && n !== last + 1)
          last = n
        }
        expect(taken + lost).toBe(last - first + 1)
      }),
    )
  })

  test('the first unit of all begins the stream, whatever its number', () => {
    const continuity = createContinuity(
      () => 0,
      () => expect.unreachable(),
    )
    expect(continuity.relation(frame(700))).toBe('start')
    expect(continuity.admit(frame(700))).toEqual({ discontinuity: false, lost: 0 })
    expect(continuity.relation(frame(701))).toBe('next')
    expect(continuity.relation(frame(703))).toBe('gap')
    expect(continuity.relation(frame(700))).toBe('repeat')
    expect(continuity.relation(frame(700, { generation: 3n }))).toBe('start')
  })

  test('a new connection may say again what the old one said, and may go on where it was', () => {
    const continuity = createContinuity(
      () => 0,
      () => expect.unreachable(),
    )
    continuity.admit(frame(10))
    continuity.reconnected()
    expect(continuity.admit(frame(11))).toEqual({ discontinuity: false, lost: 0 })
    continuity.reconnected()
    expect(continuity.admit(frame(8))).toEqual({ discontinuity: true, lost: 0 })
    expect(continuity.admit(frame(8))).toBeNull()
    continuity.reconnected()
    expect(continuity.admit(frame(20))).toEqual({ discontinuity: true, lost: 11 })
  })

  test('a repetition that is interrupted starts its time anew', () => {
    let now = 0
    let restarts = 0
    const continuity = createContinuity(
      () => now,
      () => restarts++,
    )
    continuity.admit(frame(10))
    expect(continuity.admit(frame(1))).toBeNull()
    now = 1_900
    continuity.admit(frame(11))
    expect(continuity.admit(frame(2))).toBeNull()
    now = 3_000
    expect(continuity.admit(frame(3))).toBeNull()
    now = 3_900
    expect(continuity.admit(frame(4))).toEqual({ discontinuity: true, lost: 0 })
    expect(restarts).toBe(1)
  })

  test('the largest jump there is does not overflow', () => {
    const continuity = createContinuity(
      () => 0,
      () => expect.unreachable(),
    )
    continuity.admit(frame(1))
    expect(continuity.admit(frame(1, { sequence: (1n << 64n) - 1n }))?.lost).toBe(2 ** 64)
  })
})
