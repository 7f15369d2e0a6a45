import type { Benchmark } from '../harness/result.ts'
import { withStage } from '../harness/with-page.ts'
import { arrival } from './arrival.ts'
import { replayHost } from './replay-host.ts'
import { streaming } from './streaming.ts'
import { viewers } from './viewers/all.ts'

/** What a live stream costs the page's own thread, in a real Chromium over a real Socket.IO connection. */
export const page: Benchmark = {
  name: 'page',
  limit: 'one message event, about 5 µs, and ten reads; for a state that arrives: a transfer, which moves a pointer',
  async run(options) {
    const figures = await withStage(new URL('page.ts', import.meta.url), async (stage) => {
      const host = replayHost(stage.serving.server)
      try {
        return [...(await streaming(stage, host, viewers, options)), ...(await arrival(stage, host, viewers, options))]
      } finally {
        await host.close()
      }
    })
    return [{ benchmark: 'page', title: 'page, Chromium', unit: 'ms', figures, absent: [] }]
  },
}
