import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { STATIONS } from '../host/stations.ts'
import { createTransmitter, type Transmitter } from '../host/transmitter.ts'

let sent: { station: string; seq: number; bytes: number }[]
let transmitter: Transmitter

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  sent = []
  transmitter = createTransmitter({
    stations: STATIONS,
    send: (station, seq, pcm) => void sent.push({ station, seq, bytes: pcm.byteLength }),
  })
})

afterEach(() => {
  transmitter.close()
  vi.useRealTimers()
})

describe('the transmitter', () => {
  test('does nothing, not even keep time, while nobody listens', () => {
    vi.advanceTimersByTime(1000)
    expect(sent).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('sends fifty frames a second, numbered by the clock', () => {
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(1000)
    expect(sent[0]).toEqual({ station: 'surf', seq: 50_000, bytes: 640 })
    expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: 51 }, (_, i) => 50_000 + i))
    expect(transmitter.frames('surf')).toBe(51)
  })

  test('a station that is off air is not synthesized; the last one stops the clock', () => {
    transmitter.tune('surf', true)
    transmitter.tune('skiff', true)
    vi.advanceTimersByTime(100)
    transmitter.tune('surf', false)
    const before = transmitter.frames('surf')
    vi.advanceTimersByTime(100)
    expect(transmitter.frames('surf')).toBe(before)
    expect(transmitter.onAir('surf')).toBe(false)
    expect(transmitter.onAir('skiff')).toBe(true)
    expect(transmitter.frames('skiff')).toBeGreaterThan(before)
    transmitter.tune('skiff', false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('after a pause it joins what is on now, and does not repeat what nobody heard', () => {
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(100)
    transmitter.tune('surf', false)
    vi.advanceTimersByTime(60_000)
    sent.length = 0
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(20)
    expect(sent.map(({ seq }) => seq)).toEqual([53_005, 53_006])
  })

  test('tuning in twice is once', () => {
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(40)
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(40)
    expect(sent.map(({ seq }) => seq)).toEqual([50_000, 50_001, 50_002, 50_003, 50_004])
  })

  test('a process that stood still catches up, within reason', () => {
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(20)
    vi.setSystemTime(1_002_020)
    vi.advanceTimersByTime(20)
    expect(sent.at(-1)?.seq).toBe(50_102)
    expect(sent).toHaveLength(103)
    sent.length = 0
    vi.setSystemTime(1_602_020)
    vi.advanceTimersByTime(20)
    expect(sent).toHaveLength(251)
    expect(sent.at(-1)?.seq).toBe(80_102)
  })

  test('a clock that is set back a little repeats nothing; by more, the numbers begin anew', () => {
    transmitter.tune('surf', true)
    vi.advanceTimersByTime(40)
    sent.length = 0
    vi.setSystemTime(999_000)
    vi.advanceTimersByTime(500)
    expect(sent).toEqual([])
    vi.setSystemTime(400_000)
    vi.advanceTimersByTime(40)
    expect(sent.map(({ seq }) => seq)).toEqual([20_001, 20_002])
  })

  test('a station that does not exist is nothing to it', () => {
    transmitter.tune('pirate', true)
    transmitter.tune('pirate', false)
    expect([transmitter.onAir('pirate'), transmitter.frames('pirate'), vi.getTimerCount()]).toEqual([false, 0, 0])
  })
})
