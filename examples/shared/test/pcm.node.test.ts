import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FRAME_BYTES, FRAME_SAMPLES, fromPcm, levelOf, toPcm } from '../audio/pcm.ts'

const tone = (amplitude: number): Float32Array =>
  Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => amplitude * Math.sin((2 * Math.PI * 10 * i) / FRAME_SAMPLES))

test('a frame is 20 ms at 16 kHz in 16 bits', () => {
  expect([FRAME_SAMPLES, FRAME_BYTES]).toEqual([320, 640])
  expect(toPcm(tone(1)).byteLength).toBe(FRAME_BYTES)
})

test('is little-endian, and clips', () => {
  expect([...toPcm([0, 1, -1, 2, -2])]).toEqual([0, 0, 0xff, 0x7f, 0x01, 0x80, 0xff, 0x7f, 0x01, 0x80])
})

test('samples survive the way, wherever in a larger buffer they lie', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 50 }),
      fc.nat(5),
      (samples, before) => {
        const pcm = toPcm(samples)
        const within = new Uint8Array(before + pcm.length + 3).fill(77)
        within.set(pcm, before)
        const back = fromPcm(within.subarray(before, before + pcm.length))
        expect(back).toHaveLength(samples.length)
        back.forEach((sample, i) => expect(sample).toBeCloseTo(samples[i] ?? NaN, 4))
      },
    ),
  )
})

describe('level', () => {
  test('is 0 for silence and for nothing', () => {
    expect(levelOf(toPcm(tone(0)))).toBe(0)
    expect(levelOf(new Uint8Array())).toBe(0)
    expect(levelOf(Uint8Array.of(9))).toBe(0)
  })

  test('is in decibels: half as loud is 6 of 60 less', () => {
    const full = levelOf(toPcm(tone(1)))
    expect(full).toBeCloseTo(1 - 3.01 / 60, 2)
    expect(full - levelOf(toPcm(tone(0.5)))).toBeCloseTo(6.02 / 60, 2)
    expect(levelOf(toPcm(tone(0.0005)))).toBe(0)
  })

  test('stays between 0 and 1 for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const level = levelOf(bytes)
        expect(level).toBeGreaterThanOrEqual(0)
        expect(level).toBeLessThanOrEqual(1)
      }),
    )
  })
})
