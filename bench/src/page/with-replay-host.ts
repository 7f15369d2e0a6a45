import { type Stage, withStage } from '../harness/with-page.ts'
import { replayHost, type ReplayHost } from './replay-host.ts'

/** The page of the viewers in a Chromium, and a host that replays recordings to it; both end with `body`. */
export function withReplayHost<T>(body: (stage: Stage, host: ReplayHost) => Promise<T>): Promise<T> {
  return withStage(new URL('page.ts', import.meta.url), async (stage) => {
    const host = replayHost(stage.serving.server)
    try {
      return await body(stage, host)
    } finally {
      await host.close()
    }
  })
}
