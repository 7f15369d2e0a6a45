/** How long keys took, in milliseconds. */
export interface Latencies {
  /** From the key event to after the next frame: the page's own measure. */
  readonly own: readonly number[]
  /** As Event Timing reports them, multiples of 8; keys that took less than 16 are not in it. */
  readonly reported: readonly number[]
}

const own: number[] = []
const reported = new Map<number, number>()

/** Starts measuring: both ways. */
export function startLatencies(): void {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
      const id = entry.interactionId ?? 0
      if (id > 0 && entry.name === 'keydown') reported.set(id, Math.max(reported.get(id) ?? 0, entry.duration))
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit)

  const after = new MessageChannel()
  const starts: number[] = []
  after.port1.addEventListener('message', () => {
    const now = performance.now()
    for (const start of starts.splice(0)) own.push(now - start)
  })
  after.port1.start()
  addEventListener(
    'keydown',
    ({ timeStamp }) =>
      requestAnimationFrame(() => {
        starts.push(timeStamp)
        // A task after the frame's own: style, layout and paint are done by then.
        after.port2.postMessage(null)
      }),
    { capture: true },
  )
}

/** What has been measured so far, and starts anew. */
export function latencies(): Latencies {
  const taken = { own: own.splice(0), reported: [...reported.values()] }
  reported.clear()
  return taken
}
