import type { Figure, RunOptions } from '../harness/result.ts'
import { withPage } from '../harness/with-page.ts'

/** The same scenarios on the page of a real Chromium. */
export function decodeInChromium(options: RunOptions): Promise<{ scenarios: Figure[]; slope: Figure[] }> {
  return withPage(new URL('page.ts', import.meta.url), async ({ call }) => ({
    scenarios: await call<Figure[]>('decodeScenarios', options),
    slope: await call<Figure[]>('slopeScenarios', options),
  }))
}
