/** An event on its way to the page. */
export interface HeldEvent {
  readonly listener: number
  readonly time: number
  readonly bytes: ArrayBuffer
}

/** Events that the page cannot take yet, oldest first. */
export interface HeldEvents {
  readonly size: number
  first(): HeldEvent | undefined
  /** Takes the first one out. */
  shift(): void
  /** Keeps one more. Returns how many had to go for it; the newest one stays, whatever its size. */
  push(event: HeldEvent): number
  clear(): void
}

const MAX_EVENTS = 4096
const MAX_BYTES: number = 8 * 1024 * 1024

/** A queue of at most 4096 events and 8 MiB that gives up its oldest ones, because what a page that comes back wants to know is what happened last. */
export function createHeldEvents(): HeldEvents {
  let queue: (HeldEvent | undefined)[] = []
  let head = 0
  let bytes = 0

  const shift = (): void => {
    const event = queue[head]
    if (event === undefined) return
    // What left must not live on in its place.
    queue[head++] = undefined
    bytes -= event.bytes.byteLength
    // Now and then, because moving everything for each event costs more than the event.
    if (head < MAX_EVENTS && head < queue.length) return
    queue = queue.slice(head)
    head = 0
  }

  const isTooMuch = (): boolean => queue.length - head > MAX_EVENTS || bytes > MAX_BYTES

  return {
    get size() {
      return queue.length - head
    },
    first: () => queue[head],
    shift,
    push(event) {
      queue.push(event)
      bytes += event.bytes.byteLength
      let lost = 0
      for (; queue.length - head > 1 && isTooMuch(); lost++) shift()
      return lost
    },
    clear() {
      queue = []
      head = 0
      bytes = 0
    },
  }
}
