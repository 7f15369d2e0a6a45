import { RivuletError } from '@rivulet/wire'
import { proxy, releaseProxy, type Remote, transfer, wrap } from 'comlink'
import type { ClientMode } from '../page/types.ts'
import { asRivuletError } from '../plain-error.ts'
import type { EngineControl } from '../protocol.ts'
import type { EngineLink, StartRequest } from './engine-link.ts'
import type { EarlyWorker } from './early-worker.ts'
import { startWorker } from './handshake.ts'
import { inlineLink } from './inline-link.ts'
import { within } from './within.ts'
import { workerOf } from './worker-of.ts'

/**
 * Starts the engine where the options say: a module worker, else one from a Blob, else on this thread. Every step back is reported through `onProblem`.
 * `early` is a worker of that kind that was started already.
 *
 * Rejects with `worker` when none of the allowed ways works.
 */
export async function startEngine(request: StartRequest, early?: EarlyWorker): Promise<EngineLink> {
  const { worker, onProblem, signal, timeoutMs } = request
  const make = workerOf(worker)
  if (make === undefined) return startInline(request)
  const starting = startWorker(make, timeoutMs, signal, early)
  if (worker !== 'auto') return workerLink(request, starting, 'custom')
  try {
    return await workerLink(request, starting, 'worker')
  } catch (e) {
    if (signal.aborted) throw e
    onProblem(fallback(e, 'Trying a worker from a Blob.'))
  }
  try {
    const { inlineWorker } = await import('../inline.ts')
    return await workerLink(request, startWorker(inlineWorker, timeoutMs, signal), 'blob-worker')
  } catch (e) {
    if (signal.aborted) throw e
    onProblem(fallback(e, 'The engine runs on the page instead; large updates may block it.'))
  }
  return startInline(request)
}

function fallback(error: unknown, hint: string): RivuletError {
  const { what, cause } = asRivuletError(error, 'worker')
  // One that crossed threads ends with a hint, and that with its full stop.
  return new RivuletError('worker', what.replace(/\.$/, ''), { hint, ...(cause === undefined ? {} : { cause }) })
}

async function workerLink(request: StartRequest, starting: Promise<Worker>, mode: ClientMode): Promise<EngineLink> {
  const { config, hooks, timeoutMs, onTrouble } = request
  const worker = await starting
  const control: Remote<EngineControl> = wrap<EngineControl>(worker)
  const { port1, port2 } = new MessageChannel()
  let ended = false
  const onError = (event: ErrorEvent): void => {
    event.preventDefault()
    onTrouble(
      new RivuletError('worker', `an error in the worker: ${event.message || 'no message'}`, { cause: event.error }),
    )
  }
  const onMessageError = (): void => onTrouble(new RivuletError('worker', 'a message of the worker could not be read'))
  const terminate = (): void => {
    if (ended) return
    ended = true
    worker.removeEventListener('error', onError)
    worker.removeEventListener('messageerror', onMessageError)
    port1.close()
    control[releaseProxy]()
    worker.terminate()
  }
  worker.addEventListener('error', onError)
  worker.addEventListener('messageerror', onMessageError)
  try {
    await within(control.start(config, transfer(port2, [port2]), proxy(hooks)), timeoutMs)
  } catch (e) {
    terminate()
    throw e
  }
  return { mode, control, port: port1, serve: (channel) => control.serve(channel), terminate }
}

async function startInline(request: StartRequest): Promise<EngineLink> {
  const { createInlineEngine } = await import('./inline-engine.ts')
  return inlineLink(createInlineEngine(), request, new MessageChannel())
}
