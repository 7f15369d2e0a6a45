import type { EarlyWorker } from './early-worker.ts'
import type { StartEngine } from './engine-link.ts'
import { startEngine } from './start-engine.ts'

/** What starts the engines of one client, the first of them in the worker that was started early. What shares an engine among tabs is a chunk of its own. */
export function createStart(early?: EarlyWorker): StartEngine {
  let first = early
  let shared: StartEngine | undefined
  return async (request) => {
    if (request.tabs === 'own') {
      const worker = first
      first = undefined
      return startEngine(request, worker)
    }
    shared ??= (await import('./tabs/create-tab-start.ts')).createTabStart(startEngine)
    return shared(request)
  }
}
