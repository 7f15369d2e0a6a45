import { type Endpoint, expose } from 'comlink'
import { PROTOCOL_VERSION, type WorkerReady } from '../../protocol.ts'
import type { Hub } from '../create-hub.ts'

/** What a page is reached through: a port of a SharedWorker, or a tunnel to another tab. */
interface Line extends Endpoint {
  close(): void
}

/** Serves the page at the other end of `line`: tells it that there is an engine, and lets it control that. `lock` is held by this engine's thread for as long as it lives. Returns what lets the page go. */
export function servePort(hub: Hub, line: Line, lock?: string, gone?: () => void): () => void {
  const control = hub.control(() => {
    gone?.()
    // Later, because the page may wait for the answer to its goodbye.
    setTimeout(() => line.close(), 0)
  })
  expose(control, line)
  const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION, ...(lock === undefined ? {} : { lock }) }
  line.postMessage(ready)
  return () => void control.dispose()
}
