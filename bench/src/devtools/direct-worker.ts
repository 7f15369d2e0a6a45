import { createEngine } from '@rivulet/client/parts'
import { expose } from 'comlink'
import { PROTOCOL_VERSION, type WorkerReady } from '../../../packages/client/src/protocol.ts'
import { DIRECT } from './direct-channel.ts'
import { createDirectHost } from './direct-host.ts'

// A worker as the client's own is one, with a real engine that can do everything, and beside it the host.

const host = createDirectHost()
expose({ start: () => host.start(), stop: () => host.stop(), sent: () => host.sent() }, new BroadcastChannel(DIRECT))

const ready: WorkerReady = { rivulet: 'ready', version: PROTOCOL_VERSION }
postMessage(ready)
expose(createEngine({ io: host.io }))
