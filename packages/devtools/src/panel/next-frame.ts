/** Longest wait where frames do not come: in hidden pages, and in frames outside the viewport. */
const HIDDEN_MS = 250

/**
 * Calls `run` once at the next animation frame, or a little later where there are none. Returns what takes that back.
 *
 * @example
 * const cancel = onNextFrame(() => view.update())
 */
export function onNextFrame(run: () => void): () => void {
  const cancel = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
  const once = (): void => {
    cancel()
    run()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, HIDDEN_MS)
  return cancel
}
