import type { CreateLive, LoadRequest } from '../page/live.ts'
import { startEarly } from './early-worker.ts'
import { workerOf } from './worker-of.ts'

/**
 * Loads what talks to an engine: a chunk of its own, so that a page can render without it. The worker starts at the same time, so nothing waits for the chunk that would not wait for the worker anyway.
 *
 * Rejects when the chunk cannot be loaded.
 */
export async function loadLive({ worker, signal, begin }: LoadRequest): Promise<CreateLive> {
  const make = begin ? workerOf(worker) : undefined
  const early = make && startEarly(make)
  try {
    const { createLive, createStart } = await import('./live.ts')
    signal.throwIfAborted()
    return (setup) => createLive(createStart(early), setup)
  } catch (e) {
    early?.worker.terminate()
    throw e
  }
}
