import { describe, expect, test } from 'vitest'
import { FRAME_BYTES, FRAME_SAMPLES, toPcm } from '../../shared/audio/pcm.ts'
import { createReception } from '../src/radio/reception.ts'

const loud = toPcm(Float32Array.from({ length: FRAME_SAMPLES }, () => 1))

describe('reception', () => {
  test('counts frames, bytes, gaps, and the frames of the last second', () => {
    const reception = createReception()
    for (let i = 0; i < 60; i++) reception.take({ seq: 900 + i, pcm: loud }, i * 20)
    reception.take({ seq: 962, pcm: loud }, 1200)
    expect(reception.report(1200)).toEqual({ frames: 61, bytes: 61 * FRAME_BYTES, lost: 2, gaps: 1, perSecond: 50 })
    expect(reception.report(5000)).toMatchObject({ frames: 61, perSecond: 0 })
  })

  test('is as loud as the last frame, and silent soon after it', () => {
    const reception = createReception()
    expect(reception.level(0)).toBe(0)
    reception.take({ seq: 1, pcm: loud }, 1000)
    expect(reception.level(1010)).toBeCloseTo(1, 1)
    expect(reception.level(2000)).toBe(0)
    reception.take({ seq: 2, pcm: new Uint8Array(FRAME_BYTES) }, 2000)
    expect(reception.level(2010)).toBe(0)
  })
})
