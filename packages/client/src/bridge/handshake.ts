import { RivuletError } from '@rivulet/wire'
import { PROTOCOL_VERSION, type WorkerReady } from '../protocol.ts'
import type { EarlyWorker } from './early-worker.ts'

/**
 * Starts a worker (or takes over `early`) and waits until its code says that it runs. `new Worker` does not throw for a missing file, a content policy or a wrong MIME type, and
 * messages to such a worker vanish: so nothing is sent before this resolves.
 *
 * Rejects with `worker`: no answer within `timeoutMs`, an error event, a message that cannot be read, or a worker of another version. The worker is terminated then.
 */
export function startWorker(
  make: () => Worker,
  timeoutMs: number,
  signal: AbortSignal,
  early?: EarlyWorker,
): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const givenUp = 'the start was given up'
    if (signal.aborted) {
      early?.worker.terminate()
      reject(new RivuletError('worker', givenUp))
      return
    }
    // A page of another origin gets an exception here; it rejects the promise.
    const worker = early?.worker ?? make()
    const settled = new AbortController()
    const settle = (problem?: string, cause?: unknown): void => {
      if (settled.signal.aborted) return
      settled.abort()
      clearTimeout(timer)
      if (problem === undefined) {
        resolve(worker)
        return
      }
      worker.terminate()
      reject(new RivuletError('worker', problem, cause === undefined ? {} : { cause }))
    }
    const listen = (event: Event): void => {
      if (event.type === 'message') {
        const ready = asReady((event as MessageEvent<unknown>).data)
        if (ready === undefined) return
        if (ready.version === PROTOCOL_VERSION) settle()
        else settle(`the worker speaks version ${ready.version}, this page version ${PROTOCOL_VERSION}`)
      } else if (event.type === 'error') {
        event.preventDefault()
        const { message, error } = event as ErrorEvent
        settle(message ? `the worker failed: ${message}` : 'the worker could not be loaded', error)
      } else settle('a message of the worker could not be read')
    }
    const timer = setTimeout(() => settle(`the worker did not start within ${timeoutMs} ms`), timeoutMs)
    const until = { signal: settled.signal }
    for (const type of ['message', 'error', 'messageerror']) worker.addEventListener(type, listen, until)
    signal.addEventListener('abort', () => settle(givenUp), until)
    early?.handOver()
    for (const event of early?.heard ?? []) listen(event)
  })
}

/** What a worker says first, or undefined for anything else. */
export function asReady(data: unknown): WorkerReady | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { rivulet, version, lock } = data as Partial<WorkerReady>
  if (rivulet !== 'ready' || typeof version !== 'number') return undefined
  return { rivulet, version, ...(typeof lock === 'string' ? { lock } : {}) }
}
