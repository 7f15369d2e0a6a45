/** The frames of a stretch of time. */
export interface Frames {
  /** Between one frame and the next, milliseconds. */
  readonly gaps: readonly number[]
  /** How long it took, milliseconds. */
  readonly took: number
}

/** Counts frames for `ms`. */
export function countFrames(ms: number): Promise<Frames> {
  return new Promise((resolve) => {
    const gaps: number[] = []
    let first = 0
    let last = 0
    // The time of the callback and not the one that it is given: that is when the frame should have been.
    const frame = (): void => {
      const now = performance.now()
      if (last === 0) first = now
      else gaps.push(now - last)
      last = now
      if (now - first < ms) requestAnimationFrame(frame)
      else resolve({ gaps, took: now - first })
    }
    requestAnimationFrame(frame)
  })
}
