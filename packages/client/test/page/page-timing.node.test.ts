import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFrameTimer } from '../../src/page/page-timing.ts'

/** A page whose frames and visibility the test decides. */
class FakePage extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible'
  frames: (() => void)[] = []
  turn(state: 'visible' | 'hidden'): void {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }
  frame(): void {
    this.frames.splice(0).forEach((run) => run())
  }
}

let page: FakePage

beforeEach(() => {
  page = new FakePage()
  vi.useFakeTimers()
  vi.stubGlobal('document', page)
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => page.frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', () => {
    page.frames = []
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('createFrameTimer', () => {
  test('runs once per request, at the next frame', () => {
    const timer = createFrameTimer()
    const run = vi.fn<() => void>()
    timer.request(run)
    timer.request(run)
    expect(run).not.toHaveBeenCalled()
    page.frame()
    page.frame()
    expect(run).toHaveBeenCalledOnce()
  })

  test('does not touch the event target from frame to frame', () => {
    const timer = createFrameTimer()
    const added = vi.spyOn(page, 'addEventListener')
    const removed = vi.spyOn(page, 'removeEventListener')
    for (let i = 0; i < 10; i++) {
      timer.request(() => undefined)
      page.frame()
    }
    expect(added).toHaveBeenCalledOnce()
    expect(removed).not.toHaveBeenCalled()
    timer.cancel()
    expect(removed).toHaveBeenCalledOnce()
  })

  test('changes over to a slow timer when the page is hidden in the meantime, and back', () => {
    const timer = createFrameTimer()
    const run = vi.fn<() => void>()
    timer.request(run)
    page.turn('hidden')
    expect(page.frames).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(run).toHaveBeenCalledOnce()
    timer.request(run)
    page.turn('visible')
    page.frame()
    vi.advanceTimersByTime(5000)
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('is quiet when visibility changes and nothing is due', () => {
    const timer = createFrameTimer()
    timer.request(() => undefined)
    page.frame()
    page.turn('hidden')
    expect(vi.getTimerCount()).toBe(0)
    page.turn('visible')
    expect(page.frames).toEqual([])
  })

  test('does nothing after cancel', () => {
    const timer = createFrameTimer()
    const run = vi.fn<() => void>()
    timer.request(run)
    timer.cancel()
    page.turn('hidden')
    page.turn('visible')
    page.frame()
    vi.advanceTimersByTime(5000)
    expect(run).not.toHaveBeenCalled()
  })
})
