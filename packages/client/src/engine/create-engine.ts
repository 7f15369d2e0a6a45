import { transfer } from 'comlink'
import type { CallResult, EngineControl } from '../protocol.ts'
import { failure } from './plain-error.ts'
import { DISPOSED, type EngineDeps, type RunningEngine, runEngine } from './run-engine.ts'

/**
 * Makes an engine: the part of the client that holds the connection and the state of every watched store. It runs wherever it is put (dedicated worker, shared worker, page, Node) and
 * talks to one page through {@link EngineControl} and the port that `start` gets.
 *
 * `start` does not connect; `connect` does. Until then, and while the connection is down, watches wait as `loading` or `stale`, and calls wait for their timeout.
 *
 * @example
 * const engine = createEngine()
 * await engine.start(config, port, hooks)
 * await engine.connect()
 */
export function createEngine(deps: EngineDeps = {}): EngineControl {
  let running: RunningEngine | null = null
  let disposed = false

  return {
    async start(config, port, hooks) {
      if (running !== null || disposed) {
        port.close()
        return
      }
      running = runEngine(config, port, hooks, deps)
    },
    define: async (store, def) => running?.define(store, def),
    watch: async (watches) => running?.watch(watches),
    unwatch: async (ids) => running?.unwatch(ids),
    async call(id, rpc, args, timeoutMs): Promise<CallResult> {
      if (running === null) return { ok: false, error: { ...(disposed ? DISPOSED : NOT_STARTED), store: rpc.name } }
      const result = await running.calls.call(id, rpc, args, timeoutMs)
      return result.ok ? transfer(result, [result.bytes]) : result
    },
    cancel: async (id) => running?.calls.cancel(id),
    send: async (def, args) => (running === null ? NOT_STARTED : running.send(def, args)),
    listen: async (listener, def, key) => (running === null ? NOT_STARTED : running.listen(listener, def, key)),
    unlisten: async (listener) => running?.unlisten(listener),
    async openStream(def, key, streamPort, stream) {
      if (running === null) streamPort.close()
      else running.openStream(def, key, streamPort, stream)
    },
    connect: async () => running?.connect(),
    disconnect: async () => running?.disconnect(),
    saveOffline: async () => running?.saveOffline(),
    async dispose() {
      disposed = true
      const saved = running?.saveOffline()
      running?.dispose()
      running = null
      // Whoever asked ends the worker next.
      await saved
    },
  }
}

const NOT_STARTED = failure('disposed', 'the engine is not running', {
  hint: 'Call start() first; after dispose() make a new client.',
})
