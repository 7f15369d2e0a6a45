/** Runs a function once, at the page's next frame. */
export interface FrameTimer {
  request(run: () => void): void
  cancel(): void
}

const HIDDEN_MS = 1000
const FRAME_MS = 16

/**
 * The page's frames: `requestAnimationFrame` while it is visible, a slow timer while it is hidden (browsers give a hidden page no frames at all), a 16 ms timer
 * where there are no frames. A page that is shown or hidden in the meantime changes over.
 */
export function createFrameTimer(): FrameTimer {
  const page = typeof document === 'undefined' ? undefined : document
  let due: (() => void) | undefined
  let frame: number | undefined
  let listening = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const stop = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = timer = undefined
  }
  const fire = (): void => {
    frame = timer = undefined
    const run = due
    due = undefined
    run?.()
  }
  const arm = (): void => {
    stop()
    if (due === undefined) return
    const hidden = page?.visibilityState === 'hidden'
    if (!hidden && typeof requestAnimationFrame === 'function') frame = requestAnimationFrame(fire)
    else timer = setTimeout(fire, hidden ? HIDDEN_MS : FRAME_MS)
  }
  return {
    request(run) {
      const waiting = due !== undefined
      due = run
      if (waiting) return
      // Stays until `cancel`: adding and removing this listener costs the page more than a whole patch does.
      if (!listening) page?.addEventListener('visibilitychange', arm)
      listening = true
      arm()
    },
    cancel() {
      stop()
      page?.removeEventListener('visibilitychange', arm)
      listening = false
      due = undefined
    },
  }
}
