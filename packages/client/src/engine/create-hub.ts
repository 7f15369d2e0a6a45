import { transfer } from 'comlink'
import type { CallResult, EngineConfig, EngineControl } from '../protocol.ts'
import type { Extras } from './extras.ts'
import { failure } from './plain-error.ts'
import { DISPOSED, type EngineDeps, type Optional, type RunningEngine, runEngine } from './run-engine.ts'
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
  /** What not every app uses. */
  readonly extras: Extras
  /** Calls `gone` once the page that holds this Web Lock has ended, however it ended; returns what stops waiting. Pages that give a lock cannot be served without. */
  readonly watchLock?: (lock: string, gone: () => void) => () => void
  /** Lets pages of other tabs in, over the BroadcastChannel of this name; returns what ends that. */
  readonly serve?: (channel: string, hub: Hub) => (() => void) | Promise<() => void>
}

/**
 * Makes a hub: its engine starts with the first page, with that page's options, and ends with the last one. All pages have the same options: those with others have another hub.
 *
 * @example
 * const hub = createHub({ extras: allExtras })
 * addEventListener('connect', ({ ports: [port] }) => expose(hub.control(), port))
 */
export function createHub(deps: HubDeps): Hub {
  let engine: RunningEngine | null = null

  const hub: Hub = {
    pages: () => engine?.pages() ?? 0,
    control(gone) {
      let seat: Seat | null = null
      let disposed = false
      const undo: (() => void)[] = []
      const isOver = (): boolean => seat !== null || disposed

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
          if (isOver()) {
            port.close()
            return
          }
          const optional = optionalOf(config, deps.extras)
          const loaded = optional instanceof Promise ? await optional : optional
          // While it was on its way.
          if (isOver()) {
            port.close()
            return
          }
          engine ??= runEngine(config, deps, loaded)
          seat = engine.join(port, hooks)
          if (lock !== undefined && deps.watchLock !== undefined) undo.push(deps.watchLock(lock, () => void leave()))
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
          if (seat === null || deps.serve === undefined) return
          const stop = await deps.serve(channel, hub)
          if (disposed) stop()
          else undo.push(stop)
        },
        saveOffline: async () => (seat === null ? undefined : engine?.saveOffline()),
        async inspect(port) {
          if (seat === null) port.close()
          else seat.inspect(port)
        },
        // Whoever asked ends the worker next.
        dispose: leave,
      }
    },
  }
  return hub
}

/** Loads what the options ask for; at once where nothing has to be loaded. */
function optionalOf(config: EngineConfig, extras: Extras): Optional | Promise<Optional> {
  const startOffline = config.offline && extras.offline()
  const createResumption = config.sessions && extras.sessions()
  const createTap = (config.ringBytes ?? 0) > 0 ? extras.tap() : undefined
  if (!(startOffline instanceof Promise || createResumption instanceof Promise || createTap instanceof Promise))
    return { startOffline, createResumption, createTap }
  return Promise.all([startOffline, createResumption, createTap]).then(([one, other, third]) => ({
    startOffline: one,
    createResumption: other,
    createTap: third,
  }))
}

const NOT_STARTED = failure('disposed', 'the engine is not running', {
  hint: 'Call start() first; after dispose() make a new client.',
})
