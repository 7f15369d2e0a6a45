import { registryAnswer } from '../harness/registry-answer.ts'
import type { Benchmark, Figure } from '../harness/result.ts'
import { withPage } from '../harness/with-page.ts'

/** From a changed value to the DOM: React in production, one component per row, every library by its recommended hook. */
export const react: Benchmark = {
  name: 'react',
  limit:
    "React's own cost of looking at every sibling of what changed (useState per row); without React, writing one text node",
  async run(options) {
    const figures = await withPage(new URL('page.ts', import.meta.url), ({ call }) =>
      call<Figure[]>('reactScenarios', options),
    )
    const colyseus = await registryAnswer('@colyseus/react', options.short ? 3000 : 10_000)
    const absent = [{ contestant: '@colyseus/react', reason: colyseus ?? 'no adapter for it has been written yet' }]
    return [{ benchmark: 'react', title: 'react, Chromium page', unit: 'ms', figures, absent }]
  },
}
