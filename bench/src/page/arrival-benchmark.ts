import type { Benchmark } from '../harness/result.ts'
import { withStage } from '../harness/with-page.ts'
import { arrival as figuresOf } from './arrival.ts'
import { replayHost } from './replay-host.ts'
import { viewers } from './viewers/all.ts'

/** How long a page stands still while a large state arrives, in a real Chromium over a real Socket.IO connection. */
export const arrival: Benchmark = {
  name: 'arrival',
  limit: 'a transfer, which moves a pointer',
  async run(options) {
    return withStage(new URL('page.ts', import.meta.url), async (stage) => {
      const host = replayHost(stage.serving.server)
      try {
        const figures = await figuresOf(stage, host, viewers, options)
        return [{ benchmark: 'arrival', title: 'arrival, Chromium', unit: 'ms', figures, absent: [] }]
      } finally {
        await host.close()
      }
    })
  },
}
