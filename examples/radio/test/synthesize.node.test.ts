import { describe, expect, test } from 'vitest'
import { FRAME_BYTES, FRAME_SAMPLES, fromPcm, levelOf } from '../../shared/audio/pcm.ts'
import { hertzOf, melody, sine } from '../host/melody.ts'
import { STATIONS } from '../host/stations.ts'
import { synthesize } from '../host/synthesize.ts'

const NOW = 89_000_000_000

describe.each(STATIONS.map((plan) => [plan.name, plan] as const))('%s', (_, plan) => {
  const seconds = Array.from({ length: plan.loop / FRAME_SAMPLES }, (_unused, i) => synthesize(plan, NOW + i))

  test('has frames of 640 bytes, and is to be heard', () => {
    expect(plan.loop % FRAME_SAMPLES).toBe(0)
    expect(new Set(seconds.map((pcm) => pcm.byteLength))).toEqual(new Set([FRAME_BYTES]))
    const levels = seconds.map(levelOf)
    expect(Math.max(...levels)).toBeGreaterThan(0.6)
  })

  test('is never so loud that it clips', () => {
    const peak = Math.max(...seconds.map((pcm) => Math.max(...fromPcm(pcm).map(Math.abs))))
    expect(peak).toBeLessThan(1)
  })

  test('a frame depends on nothing but its number, and the programme repeats', () => {
    expect(synthesize(plan, NOW + 3)).toEqual(seconds[3])
    expect(synthesize(plan, NOW + 3 + plan.loop / FRAME_SAMPLES)).toEqual(seconds[3])
    expect(seconds[3]).not.toEqual(seconds[4])
  })
})

test('stations have ids of their own and stand in order on the dial', () => {
  expect(new Set(STATIONS.map(({ id }) => id)).size).toBe(STATIONS.length)
  const dial = STATIONS.map(({ mhz }) => mhz)
  expect(dial).toEqual(dial.toSorted((a, b) => a - b))
})

describe('melody', () => {
  const tune = {
    steps: [[69], [81], []],
    stepSeconds: 1,
    ring: 1,
    voice: (hertz: number, age: number) => hertz * 1000 + age,
  }

  test('sounds the notes that began in this step and in those before', () => {
    expect(melody(tune, 1.5)).toBeCloseTo(880_000.5 + 440_001.5)
  })

  test('its end leads into its beginning', () => {
    expect(melody({ ...tune, ring: 2 }, 0.25)).toBeCloseTo(440_000.25 + 880_002.25)
  })

  test('note 69 is 440 Hz, an octave is twice as much, and a sine is one', () => {
    expect(hertzOf(69)).toBe(440)
    expect(hertzOf(57)).toBeCloseTo(220)
    expect(sine(1, 0.25)).toBeCloseTo(1)
  })
})
