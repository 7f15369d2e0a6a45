import type { StreamDef } from '@rivulet/wire'
import { expose } from 'comlink'
import { createHub } from './engine/create-hub.ts'
import { createStreamHandlers, type StreamHandler } from './engine/streams/handlers.ts'
import { onDemand } from './engine/extra.ts'
import { extrasOnDemand } from './engine/extras-on-demand.ts'
import { serveTabs } from './engine/tabs/serve-tabs.ts'
import { watchLock } from './watch-lock.ts'
import { PROTOCOL_VERSION, type WorkerReady } from './protocol.ts'

/**
 * Entry of the worker, dedicated or shared. It says that it runs, and in which version, before anything else: a page that does not hear it falls back instead of waiting.
 */
const streamHandlers = createStreamHandlers()
const tabs = onDemand('tabs', async () => (await import('./engine/tabs/serve-channel.ts')).serveChannel)
const hub = createHub({
  extras: extrasOnDemand(),
  streamHandlers,
  watchLock,
  serve: async (channel, all) => (await tabs())(channel, all),
})
if ('onconnect' in globalThis) serveTabs(hub)
else {
  const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION }
  postMessage(ready)
  expose(hub.control())
}

/**
 * For a worker of your own, which begins by importing this module: takes the units of a data stream where they arrive, so that they never reach the page. `handler` is called once for each
 * key that is opened, in each tab that shares the engine, and returns what to do with its units.
 *
 * Throws `RivuletError` `config` when the stream has a handler already. Register at the top of the module: streams that are open go on to the page.
 *
 * @example
 * // camera-worker.ts; on the page: createClient({ url, worker: () => new Worker(new URL('./camera-worker.ts', import.meta.url), { type: 'module' }) })
 * import { handleStream } from '@rivulet/client/worker'
 * handleStream(CameraVideo, (stream) => {
 *   const decoder = createDecoder((fps) => stream.post({ fps }))
 *   return { onUnit: (unit) => decoder.decode(unit), onMessage: (message) => decoder.drawOn((message as Init).canvas), onClose: () => decoder.close() }
 * })
 */
export function handleStream(def: StreamDef, handler: StreamHandler): void {
  streamHandlers.handle(def, handler)
}

export type { StreamHandler, WorkerStream, WorkerStreamConsumer } from './engine/streams/handlers.ts'
export type { UnitInfo } from './stream-protocol.ts'
