import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createThrottle } from '../../src/panel/throttle.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a throttle', () => {
  it('runs at once, then not before its time, once for however many asked', async () => {
    let runs = 0
    const throttle = createThrottle(
      250,
      async () => ++runs - runs,
      () => undefined,
    )
    for (let i = 0; i < 5; i++) throttle.ask()
    await vi.advanceTimersByTimeAsync(249)
    throttle.ask()
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(2)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(runs).toBe(2)
  })

  it('leaves nine tenths of the time to others', async () => {
    const at: number[] = []
    const throttle = createThrottle(
      250,
      async () => {
        at.push(Date.now())
        return 100
      },
      () => undefined,
    )
    throttle.ask()
    await vi.advanceTimersByTimeAsync(0)
    throttle.ask()
    await vi.advanceTimersByTimeAsync(2000)
    expect((at[1] as number) - (at[0] as number)).toBe(900)
  })

  it('never runs twice at the same time', async () => {
    let running = 0
    let most = 0
    const throttle = createThrottle(
      10,
      async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 500))
        running--
        return 0
      },
      () => undefined,
    )
    for (let i = 0; i < 100; i++) {
      throttle.ask()
      await vi.advanceTimersByTimeAsync(20)
    }
    expect(most).toBe(1)
  })

  it('says what failed, and goes on', async () => {
    const failed = vi.fn<(error: unknown) => void>()
    const run = vi.fn<() => Promise<number>>(() => Promise.reject(new Error('gone')))
    const throttle = createThrottle(10, run, failed)
    throttle.ask()
    await vi.advanceTimersByTimeAsync(10)
    expect(failed).toHaveBeenCalledWith(new Error('gone'))
    throttle.ask()
    await vi.advanceTimersByTimeAsync(10)
    expect([run.mock.calls.length, failed.mock.calls.length]).toEqual([2, 2])
    // What fails after the end is nobody's business.
    throttle.ask()
    throttle.stop()
    throttle.ask()
    await vi.advanceTimersByTimeAsync(100)
    expect([run.mock.calls.length, failed.mock.calls.length]).toEqual([3, 2])
  })
})
