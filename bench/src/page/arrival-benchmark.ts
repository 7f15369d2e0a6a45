import type { Benchmark } from '../harness/result.ts'
import { arrival as figuresOf } from './arrival.ts'
import { viewers } from './viewers/all.ts'
import { withReplayHost } from './with-replay-host.ts'

/** How long a page stands still while a large state arrives, in a real Chromium over a real Socket.IO connection. */
export const arrival: Benchmark = {
  name: 'arrival',
  limit: 'a transfer, which moves a pointer',
  run: (options) =>
    withReplayHost(async (stage, host) => {
      const figures = await figuresOf(stage, host, viewers, options)
      return [{ benchmark: 'arrival', title: 'arrival, Chromium', unit: 'ms', figures, absent: [] }]
    }),
}
