import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createJitterBuffer, type JitterBuffer } from '../src/radio/jitter-buffer.ts'

const SIZE = 4
const TARGET = 3
const MOST = 8

/** A frame whose samples say which they are: frame 7 is 28, 29, 30, 31 (+1, so that none is 0). */
const frame = (seq: number): Float32Array => Float32Array.from({ length: SIZE }, (_, i) => seq * SIZE + i + 1)

function push(buffer: JitterBuffer, ...seqs: readonly number[]): void {
  for (const seq of seqs) buffer.push(seq, frame(seq))
}

function pull(buffer: JitterBuffer, samples: number): number[] {
  const out = new Float32Array(samples).fill(99)
  buffer.pull(out)
  return [...out]
}

const samplesOf = (...seqs: readonly number[]): number[] => seqs.flatMap((seq) => [...frame(seq)])
const silence = (frames: number): number[] => Array.from({ length: frames * SIZE }, () => 0)

describe('jitter buffer', () => {
  test('is silent until enough frames wait, then plays them in order, in pieces of any size', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    expect(pull(buffer, SIZE)).toEqual(silence(1))
    push(buffer, 10, 11)
    expect(pull(buffer, SIZE)).toEqual(silence(1))
    push(buffer, 12)
    const played = [...pull(buffer, 3), ...pull(buffer, 5), ...pull(buffer, 4)]
    expect(played).toEqual(samplesOf(10, 11, 12))
    expect(buffer.playout).toEqual({ waiting: 0, played: 3, underruns: 0, concealed: 0, skipped: 0 })
  })

  test('puts frames in order, and plays silence for one that does not come', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, 5, 8, 6)
    expect(pull(buffer, 4 * SIZE)).toEqual([...samplesOf(5, 6), ...silence(1), ...samplesOf(8)])
    expect(buffer.playout).toMatchObject({ played: 3, concealed: 1 })
  })

  test('a frame that comes too late, or twice, changes nothing', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, 0, 1, 2)
    expect(pull(buffer, SIZE)).toEqual(samplesOf(0))
    push(buffer, 0, 1, 2)
    expect(pull(buffer, 2 * SIZE)).toEqual(samplesOf(1, 2))
    expect(buffer.playout.waiting).toBe(0)
  })

  test('after it ran dry it collects again before it goes on, where it was', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, 0, 1, 2)
    expect(pull(buffer, 4 * SIZE)).toEqual([...samplesOf(0, 1, 2), ...silence(1)])
    expect(buffer.playout.underruns).toBe(1)
    push(buffer, 3, 4)
    expect(pull(buffer, SIZE)).toEqual(silence(1))
    push(buffer, 5)
    expect(pull(buffer, 3 * SIZE)).toEqual(samplesOf(3, 4, 5))
    expect(buffer.playout.underruns).toBe(1)
  })

  test('when too much waits it skips to what is new', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, ...Array.from({ length: MOST + 1 }, (_, i) => i))
    expect(buffer.playout).toMatchObject({ waiting: TARGET, skipped: MOST + 1 - TARGET })
    expect(pull(buffer, 3 * SIZE)).toEqual(samplesOf(6, 7, 8))
  })

  test('what waited without need after a stall is left out in time', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, 0, 1, 2, 3, 4, 5, 6)
    let seq = 7
    const step = (): void => {
      pull(buffer, SIZE)
      push(buffer, seq++)
    }
    for (let i = 0; i < 90; i++) step()
    expect(buffer.playout).toMatchObject({ waiting: 7, skipped: 0 })
    for (let i = 0; i < 20; i++) step()
    expect(buffer.playout).toMatchObject({ waiting: 4, skipped: 3 })
    for (let i = 0; i < 300; i++) step()
    expect(buffer.playout).toMatchObject({ waiting: 4, skipped: 3, underruns: 0, concealed: 0 })
  })

  test.each([
    ['numbers that begin anew', 2],
    ['a long absence', 5000],
  ])('%s are a new beginning', (_, seq) => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    push(buffer, 1000, 1001, 1002, 1003)
    pull(buffer, SIZE)
    push(buffer, seq, seq + 1, seq + 2)
    expect(pull(buffer, 3 * SIZE)).toEqual(samplesOf(seq, seq + 1, seq + 2))
  })

  test('a frame of another length is refused', () => {
    const buffer = createJitterBuffer(SIZE, TARGET, MOST)
    buffer.push(0, new Float32Array(SIZE + 1))
    expect(buffer.playout.waiting).toBe(0)
  })

  test('with any frames in any order it holds no more than it may, and plays every sample once, in order', () => {
    const action = fc.oneof(
      fc.record({ push: fc.nat(60) }),
      fc.record({ push: fc.nat(100_000) }),
      fc.record({ pull: fc.integer({ min: 1, max: 3 * SIZE }) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const buffer = createJitterBuffer(SIZE, TARGET, MOST)
        for (const each of actions) {
          if ('push' in each) push(buffer, each.push)
          // What is heard in one go only ever counts up: no sample twice, none out of order.
          const heard = 'push' in each ? [] : pull(buffer, each.pull).filter((sample) => sample !== 0)
          expect(heard).toEqual([...new Set(heard)].toSorted((a, b) => a - b))
          expect(buffer.playout.waiting).toBeLessThanOrEqual(MOST)
        }
      }),
    )
  })

  test('a steady stream plays without a fault, however the pieces fall', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: SIZE }), { minLength: 20, maxLength: 60 }), (pieces) => {
        const buffer = createJitterBuffer(SIZE, TARGET, MOST)
        push(buffer, 0, 1, 2)
        let next = 3
        const heard: number[] = []
        for (const piece of pieces) {
          heard.push(...pull(buffer, piece))
          if (heard.length >= (next - 2) * SIZE) push(buffer, next++)
        }
        expect(heard).toEqual(samplesOf(...Array(next).keys()).slice(0, heard.length))
        expect(buffer.playout).toMatchObject({ underruns: 0, concealed: 0, skipped: 0 })
      }),
    )
  })
})
