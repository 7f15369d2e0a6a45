import type { Figure, Result } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { withStage, type Stage } from '../harness/with-page.ts'
import { noteOf } from './frames-note.ts'
import { type Contestant, contestants, type Effort, takeTurn, type Turn } from './frames-turn.ts'
import { directHost, processHost, type StartHost } from './stream-hosts.ts'
import { ROWS, STREAM } from './stream.ts'

/** A table of its own: who sends the messages. */
interface Way {
  readonly title: string
  readonly startHost: StartHost
  /** Where the messages are counted. */
  readonly stream: string
  /** Turns in which the engine got fewer a second do not show what the table is to show. */
  readonly atLeast: number
}

const RATE = `${STREAM.messages.toLocaleString('en-US')} messages a second`

const ways: readonly Way[] = [
  {
    title: 'devtools: frames, Chromium, a real host',
    startHost: processHost,
    stream: `${RATE} from the host`,
    atLeast: 0,
  },
  {
    title: 'devtools: frames, Chromium, a host in the worker: no network and no Socket.IO between it and the engine',
    startHost: directHost,
    stream: `${RATE} at the engine`,
    atLeast: STREAM.messages * 0.9,
  },
]

const effortOf = (short: boolean): Effort =>
  short
    ? { rounds: 1, warmMs: 200, openingMs: 300, openMs: 1000 }
    : { rounds: 3, warmMs: 1000, openingMs: 2000, openMs: 5000 }

/** Everybody's turns: interleaved, and each goes first once in a while. */
async function allTurns(
  stage: Stage,
  effort: Effort,
  startHost: StartHost,
): Promise<ReadonlyMap<Contestant, readonly Turn[]>> {
  const turns = new Map<Contestant, Turn[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round < effort.rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const one = contestants[(i + round) % contestants.length] as Contestant
      turns.get(one)?.push(await stage.onPage((open) => takeTurn(open, one, effort, startHost)))
    }
  }
  return turns
}

async function table(stage: Stage, effort: Effort, { title, startHost, stream, atLeast }: Way): Promise<Result> {
  const turns = await allTurns(stage, effort, startHost)
  const figures = (['open', 'opening'] as const).flatMap((stretch) =>
    Array.from(turns, ([{ name }, all]): Figure => {
      return {
        scenario:
          stretch === 'open'
            ? `from frame to frame, ${stream}, ${ROWS} rows, ${effort.openMs / 1000} s`
            : `the same in the first ${effort.openingMs / 1000} s after the panel is asked for, ${stream}`,
        contestant: name,
        packageName: null,
        ours: true,
        ...summary(all.flatMap((turn) => turn[stretch].gaps)),
        note: noteOf(stretch, all, atLeast),
      }
    }),
  )
  return { benchmark: 'devtools', title, unit: 'ms', figures, absent: [] }
}

/** Measures the frames of a page to which its host sends 10,000 messages a second: over a network, as far as the machine lets it, and without one, so that the engine really gets them. */
export async function framesTables(short: boolean): Promise<readonly Result[]> {
  return withStage(new URL('fps-page.tsx', import.meta.url), async (stage) => {
    const results: Result[] = []
    for (const way of ways) results.push(await table(stage, effortOf(short), way))
    return results
  })
}
