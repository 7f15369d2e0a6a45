import type { Hub } from '../create-hub.ts'
import { servePort } from './serve-port.ts'

/**
 * Serves every page that connects to this SharedWorker. The worker holds a Web Lock of its own, so that pages notice when its process has crashed, of which browsers say nothing.
 */
export function serveTabs(hub: Hub): void {
  const lock = `rivulet-engine:${crypto.randomUUID()}`
  const held = new Promise<void>((resolve) => {
    navigator.locks
      .request(lock, () => {
        resolve()
        return new Promise(() => undefined)
      })
      // A page that hears nothing falls back, so the reason only has to be seen.
      .catch((e: unknown) => reportError(e))
  })
  addEventListener('connect', (event) => {
    const [port] = (event as MessageEvent).ports
    // Not before the lock is held: the page would take it, and think that the worker has ended.
    if (port !== undefined) void held.then(() => servePort(hub, port, lock))
  })
}
