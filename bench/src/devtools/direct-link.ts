import { type Remote, wrap } from 'comlink'
import { DIRECT } from './direct-channel.ts'
import type { DirectHost } from './direct-host.ts'

/** Starts the worker in which a host is. */
export const directWorker = (): Worker => new Worker(new URL('./direct-worker.ts', import.meta.url), { type: 'module' })

/** The host in the worker of this page. To be kept: when it is collected, the worker takes it for gone. */
export const directHost = (): Remote<Omit<DirectHost, 'io'>> => wrap(new BroadcastChannel(DIRECT))
