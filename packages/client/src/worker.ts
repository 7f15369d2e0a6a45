import { expose } from 'comlink'
import { createEngine } from './engine/create-engine.ts'
import { PROTOCOL_VERSION, type WorkerReady } from './protocol.ts'

/**
 * Entry of the dedicated worker. It says that it runs, and in which version, before anything else: a page that does not hear it falls back instead of waiting.
 */
const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION }
postMessage(ready)
expose(createEngine())
