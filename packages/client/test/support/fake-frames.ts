import { vi } from 'vitest'

/** A page whose frames, visibility and time the test decides. */
export class FakeFrames extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible'
  now = 0
  waiting: (() => void)[] = []

  /** Puts it in the place of the real one, until `vi.unstubAllGlobals` and `vi.useRealTimers`. */
  install(): this {
    vi.useFakeTimers()
    vi.stubGlobal('document', this)
    vi.stubGlobal('performance', { now: () => this.now })
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => this.waiting.push(run))
    vi.stubGlobal('cancelAnimationFrame', () => {
      this.waiting = []
    })
    return this
  }

  turn(state: 'visible' | 'hidden'): void {
    this.visibilityState = state
    this.dispatchEvent(new Event('visibilitychange'))
  }

  /** Runs what waits for a frame. */
  frame(): void {
    this.waiting.splice(0).forEach((run) => run())
  }
}
