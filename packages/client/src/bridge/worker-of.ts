import { defaultWorker } from '../default-worker.ts'
import type { StartRequest } from './engine-link.ts'

/** What makes the worker that the option asks for; undefined where the engine runs on this thread. */
export function workerOf(option: StartRequest['worker']): (() => Worker) | undefined {
  if (option !== 'auto') return option === 'inline' ? undefined : option
  return typeof Worker === 'undefined' ? undefined : defaultWorker
}
