import type { Benchmark } from '../harness/result.ts'
import { allocation } from './allocation.ts'
import { streaming } from './streaming.ts'
import { viewers } from './viewers/all.ts'
import { withReplayHost } from './with-replay-host.ts'

/** What a live stream costs the page's own thread, in a real Chromium over a real Socket.IO connection. */
export const page: Benchmark = {
  name: 'page',
  limit: 'one message event, about 5 µs, and ten reads',
  run: (options) =>
    withReplayHost(async (stage, host) => {
      const times = await streaming(stage, host, viewers, options)
      const bytes = await allocation(stage, host, viewers, options)
      const shared = { benchmark: 'page', absent: [] }
      return [
        { ...shared, title: 'page, Chromium', unit: 'ms', figures: times },
        { ...shared, title: 'page: allocation', unit: 'bytes', column: 'allocated', figures: bytes },
      ]
    }),
}
