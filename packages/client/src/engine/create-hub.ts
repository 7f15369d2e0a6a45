import { transfer } from 'comlink'
import type { CallResult, EngineControl } from '../protocol.ts'
import { failure } from './plain-error.ts'
import { DISPOSED, type EngineDeps, type RunningEngine, runEngine } from './run-engine.ts'
import type { Seat } from './seat.ts'

/** One engine for any number of pages. */
export interface Hub {
  /** What one more page controls the engine with. `gone` runs once, when that page has left. */
  control(gone?: () => void): EngineControl
  /** How many pages are at the engine. */
  pages(): number
}

/** How a hub reaches the outside world. */
export interface HubDeps extends EngineDeps {
  /** Calls `gone` once the page that holds this Web Lock has ended, however it ended; returns what stops waiting. Pages that give a lock cannot be served without. */
  readonly watchLock?: (lock: string, gone: () => void) => () => void
  /** Lets pages of other tabs in, over the BroadcastChannel of this name; returns what ends that. */
  readonly serve?: (channel: string, hub: Hub) => () => void
}

/**
 * Makes a hub: its engine starts with the first page, with that page's options, and ends with the last one. All pages have the same options: those with others have another hub.
 *
 * @example
 * const hub = createHub()
 * addEventListener('connect', ({ ports: [port] }) => expose(hub.control(), port))
 */
export function createHub(deps: HubDeps = {}): Hub {
  let engine: RunningEngine | null = null

  const hub: Hub = {
    pages: () => engine?.pages() ?? 0,
    control(gone) {
      let seat: Seat | null = null
      let disposed = false
      const undo: (() => void)[] = []

      const leave = async (): Promise<void> => {
        if (disposed) return
        disposed = true
        for (const stop of undo.splice(0)) stop()
        // Begun before the state is let go of.
        const saved = seat !== null && engine?.pages() === 1 ? engine.saveOffline() : undefined
        seat?.leave()
        seat = null
        if (engine?.pages() === 0) engine = null
        gone?.()
        await saved
      }

      return {
        async start(config, port, hooks, lock) {
          if (seat !== null || disposed) {
            port.close()
            return
          }
          engine ??= runEngine(config, deps)
          seat = engine.join(port, hooks)
          if (lock !== undefined && deps.watchLock !== undefined) undo.push(deps.watchLock(lock, () => void leave()))
        },
        // Until the engine has a feed.
        inspect(port) {
          port.close()
          return Promise.reject(new Error('this engine has no feed'))
        },
        define: async (store, def) => seat?.define(store, def),
        watch: async (watches) => seat?.watch(watches),
        unwatch: async (ids) => seat?.unwatch(ids),
        async call(id, rpc, args, timeoutMs): Promise<CallResult> {
          if (seat === null) return { ok: false, error: { ...(disposed ? DISPOSED : NOT_STARTED), store: rpc.name } }
          const result = await seat.call(id, rpc, args, timeoutMs)
          return result.ok ? transfer(result, [result.bytes]) : result
        },
        cancel: async (id) => seat?.cancel(id),
        send: async (def, args) => (seat === null ? NOT_STARTED : seat.send(def, args)),
        listen: async (listener, def, key) => (seat === null ? NOT_STARTED : seat.listen(listener, def, key)),
        unlisten: async (listener) => seat?.unlisten(listener),
        async openStream(def, key, streamPort, stream) {
          if (seat === null) streamPort.close()
          else seat.openStream(def, key, streamPort, stream)
        },
        connect: async () => seat?.connect(),
        disconnect: async () => seat?.disconnect(),
        async serve(channel) {
          if (seat !== null && deps.serve !== undefined) undo.push(deps.serve(channel, hub))
        },
        saveOffline: async () => (seat === null ? undefined : engine?.saveOffline()),
        // Whoever asked ends the worker next.
        dispose: leave,
      }
    },
  }
  return hub
}

const NOT_STARTED = failure('disposed', 'the engine is not running', {
  hint: 'Call start() first; after dispose() make a new client.',
})
