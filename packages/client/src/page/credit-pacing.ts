import { createFrameTimer } from './page-timing.ts'

/** When the page lets its engine send again; see {@link createCreditPacing}. */
export interface CreditPacing {
  /** A message has been dealt with that began to be at `began` (`performance.now()`). */
  taken(began: number): void
  cancel(): void
}

/** The length of a frame that nobody has asked for. */
const FRAME_MS = 16
/** How much too early a message may come and still count as one per frame: deltas of a steady stream do not arrive like clockwork. */
const EARLY_MS = 12
/** What one burst may owe. More would keep a page waiting for frames long after the burst. */
const MOST_OWED_MS = 2 * FRAME_MS
/** Whoever takes longer over a message is drawing, and draws what it has before it gets more. */
const QUICK_MS = 8

/**
 * Calls `grant` after a message, at once where that costs nobody anything: while messages come no faster than frames do, are dealt with quickly and the page is visible. Otherwise at the next frame,
 * so that a stream that is faster than the page is conflated by frame, and a hidden page hears of it once a second.
 *
 * A frame that is asked for has to be made, even when nothing on the page has changed: style, layout, paint and commit cost several times what a patch does. A page that draws what it gets
 * has its frames anyway.
 *
 * @example
 * const pacing = createCreditPacing(() => port.postMessage({ type: 'credit' }))
 * port.onmessage = ({ data }) => {
 *   const began = performance.now()
 *   take(data)
 *   queueMicrotask(() => pacing.taken(began)) // after what the listeners do in microtasks
 * }
 */
export function createCreditPacing(grant: () => void): CreditPacing {
  const frame = createFrameTimer()
  /** When the next message is due if they come once a frame. */
  let due = 0
  return {
    taken(began) {
      const isEarly = began < due - EARLY_MS
      due = Math.min(Math.max(due, began) + FRAME_MS, began + MOST_OWED_MS)
      if (isEarly || isHidden() || performance.now() - began > QUICK_MS) frame.request(grant)
      else grant()
    },
    cancel: () => frame.cancel(),
  }
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}
