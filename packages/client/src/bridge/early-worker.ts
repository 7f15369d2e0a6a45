/** A worker that was started before anybody could look after it, and what it has said since. */
export interface EarlyWorker {
  readonly worker: Worker
  readonly heard: readonly Event[]
  /** From now on somebody else listens. */
  readonly handOver: () => void
}

/** Starts a worker for `startWorker` to take over. Undefined when it cannot even be made: whoever makes it again learns why. */
export function startEarly(make: () => Worker): EarlyWorker | undefined {
  const heard: Event[] = []
  const until = new AbortController()
  let worker: Worker
  try {
    worker = make()
  } catch {
    return undefined
  }
  for (const type of ['message', 'error', 'messageerror']) {
    worker.addEventListener(
      type,
      (event) => {
        // It is reported by whoever takes over, so it is not uncaught.
        if (type === 'error') event.preventDefault()
        heard.push(event)
      },
      { signal: until.signal },
    )
  }
  return { worker, heard, handOver: () => until.abort() }
}
