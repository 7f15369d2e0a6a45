import { RivuletError } from '@rivulet/wire'
import { PROTOCOL_VERSION, type WorkerReady } from '../../protocol.ts'
import { sharedWorker } from '../../shared-worker.ts'
import { watchLock } from '../../watch-lock.ts'
import type { EngineLink, StartRequest } from '../engine-link.ts'
import { asReady } from '../handshake.ts'
import { holdLock } from './hold-lock.ts'
import { join } from './join.ts'

/** Joins the engine in the SharedWorker of this name; `gone` runs when that has crashed. Rejects with `worker` when there is none and none can be started. */
export async function joinSharedWorker(
  request: StartRequest,
  name: string,
  gone: (error: RivuletError) => void,
): Promise<EngineLink> {
  const { signal, timeoutMs, onTrouble } = request
  if (typeof SharedWorker === 'undefined') throw new RivuletError('worker', 'this browser has no SharedWorker')
  const worker = sharedWorker(name)
  const ready = await heard(worker, timeoutMs, signal)
  const ending = new AbortController()
  const lock = `${name}:tab:${crypto.randomUUID()}`
  const held = await holdLock(lock, signal).catch((e: unknown) => {
    worker.port.close()
    throw e
  })
  const stopWatching =
    ready.lock === undefined
      ? undefined
      : watchLock(ready.lock, () => gone(new RivuletError('disconnected', 'the worker of all tabs has ended')))
  worker.addEventListener(
    'error',
    (event) => {
      event.preventDefault()
      onTrouble(new RivuletError('worker', `an error in the worker: ${event.message || 'no message'}`))
    },
    { signal: ending.signal },
  )
  return join(request, {
    mode: 'shared-worker',
    line: worker.port,
    lock,
    close() {
      ending.abort()
      stopWatching?.()
      worker.port.close()
      held.release()
    },
  })
}

/** Waits until the worker says that it runs: as with a dedicated worker, a missing file or a content policy is no exception. */
function heard(worker: SharedWorker, timeoutMs: number, signal: AbortSignal): Promise<WorkerReady> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController()
    const fail = (what: string, cause?: unknown): void => {
      settle()
      worker.port.close()
      reject(new RivuletError('worker', what, cause === undefined ? {} : { cause }))
    }
    const settle = (): void => {
      settled.abort()
      clearTimeout(timer)
    }
    const timer = setTimeout(() => fail(`the shared worker did not start within ${timeoutMs} ms`), timeoutMs)
    const until = { signal: settled.signal }
    worker.port.addEventListener(
      'message',
      ({ data }) => {
        const ready = asReady(data)
        if (ready === undefined) return
        if (ready.version === PROTOCOL_VERSION) {
          settle()
          resolve(ready)
        } else fail(`the shared worker speaks version ${ready.version}, this page version ${PROTOCOL_VERSION}`)
      },
      until,
    )
    worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault()
        const { message, error } = event
        fail(message ? `the shared worker failed: ${message}` : 'the shared worker could not be loaded', error)
      },
      until,
    )
    signal.addEventListener('abort', () => fail('the start was given up'), until)
    worker.port.start()
  })
}
