import type { Figure, Result } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { withStage, type Stage } from '../harness/with-page.ts'
import { type Contestant, contestants, type Effort, takeTurn, type Turn } from './frames-turn.ts'
import { ROWS, STREAM } from './stream.ts'

const effortOf = (short: boolean): Effort =>
  short
    ? { rounds: 1, warmMs: 200, openingMs: 300, openMs: 300 }
    : { rounds: 3, warmMs: 1000, openingMs: 2000, openMs: 5000 }

/** Everybody's turns: interleaved, and each goes first once in a while. */
async function allTurns(stage: Stage, effort: Effort): Promise<ReadonlyMap<Contestant, readonly Turn[]>> {
  const turns = new Map<Contestant, Turn[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round < effort.rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const one = contestants[(i + round) % contestants.length] as Contestant
      turns.get(one)?.push(await stage.onPage((open) => takeTurn(open, one, effort)))
    }
  }
  return turns
}

const perSecond = (count: number, ms: number): string => Math.round((count / ms) * 1000).toLocaleString('en-US')

/** Frames per second, the longest frame, how busy the page's thread was, and what passed meanwhile. */
function noteOf(stretch: 'opening' | 'open', turns: readonly Turn[]): string {
  const frames = turns.map((turn) => turn[stretch])
  const fps = frames.map(({ gaps, took }) => ((gaps.length / took) * 1000).toFixed(1))
  const longest = Math.max(...frames.flatMap(({ gaps }) => gaps))
  const busy = turns.map((turn) => `${((turn.busy[stretch] / turn[stretch].took) * 100).toFixed(0)} %`)
  const sent = turns.map(({ sent: { messages }, open }) => perSecond(messages, open.took))
  const merged = turns.reduce((sum, turn) => sum + turn.sent.merged, 0)
  const got = turns.flatMap(({ received: one }) =>
    one === undefined ? [] : [perSecond(one.updates + one.others, one.over)],
  )
  return [
    `${fps.join(', ')} fps`,
    `longest ${longest.toFixed(0)} ms`,
    `page thread busy ${busy.join(', ')}`,
    `host sent ${sent.join(', ')}/s, ${merged} merged`,
    ...(got.length === 0 ? [] : [`engine got ${got.join(', ')}/s`]),
  ].join('; ')
}

/** Measures the frames of a page to which its host sends 10,000 messages a second, as far as the machine lets it. */
export async function framesTable(short: boolean): Promise<Result> {
  const effort = effortOf(short)
  const turns = await withStage(new URL('fps-page.tsx', import.meta.url), (stage) => allTurns(stage, effort))
  const stream = `${STREAM.messages.toLocaleString('en-US')} messages a second, ${ROWS} rows`
  const figures = (['open', 'opening'] as const).flatMap((stretch) =>
    Array.from(turns, ([{ name }, all]): Figure => {
      return {
        scenario:
          stretch === 'open'
            ? `from frame to frame, ${stream}, ${effort.openMs / 1000} s`
            : `the same in the first ${effort.openingMs / 1000} s after the panel is asked for`,
        contestant: name,
        packageName: null,
        ours: true,
        ...summary(all.flatMap((turn) => turn[stretch].gaps)),
        note: noteOf(stretch, all),
      }
    }),
  )
  return { benchmark: 'devtools', title: 'devtools: frames, Chromium', unit: 'ms', figures, absent: [] }
}
