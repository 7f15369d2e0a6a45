import { deltasOf } from './deltas.ts'
import { effort, measure } from '../harness/measure.ts'
import type { Result } from '../harness/result.ts'
import { quantile, summary } from '../harness/stats.ts'
import { type Inspected, openEngine } from './engine-rig.ts'

/** What the engine's thread spends on a message, whoever inspects it. Twice nobody: how far two equal ones are apart is what these figures can tell. */
const contestants: readonly (readonly [name: string, inspected: Inspected])[] = [
  ['nobody inspects', 'never'],
  ['nobody inspects, once more', 'never'],
  ['an inspector has come and gone', 'was'],
  ['a ring of 4 MiB', 'ring'],
  ['an inspector', 'inspector'],
  ['a ring of 4 MiB and an inspector', 'ring and inspector'],
]

const ROWS = 1_000

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`

/**
 * How much more `samples` are than `base`. Of each round the two are compared with one another, so that what slows a whole round down cancels out: the median of those, and beside it the fastest of each, which
 * nothing has disturbed.
 */
function moreThan(base: readonly number[], samples: readonly number[]): string {
  const ratios = samples.map((sample, round) => sample / (base[round] ?? NaN))
  const fastest = Math.min(...samples) / Math.min(...base)
  return `${percent(quantile(ratios, 0.5))} in the median of ${ratios.length} pairs, ${percent(fastest)} at the fastest`
}

/** Measures the engine's time per message. */
export async function engineTime(short: boolean): Promise<Result> {
  const figures: Result['figures'][number][] = []
  for (const moved of [1, 100]) {
    const deltas = deltasOf(ROWS, moved)
    const engines = await Promise.all(contestants.map(([, inspected]) => openEngine(ROWS, inspected)))
    const samples = measure(
      engines.map((engine, i) => {
        let next = 0
        return {
          name: contestants[i]?.[0] ?? '',
          run: () => engine.update(deltas[next++ % deltas.length] as Uint8Array),
        }
      }),
      // Short samples of many rounds: what disturbs one hits few, and the pairs of a round are close in time.
      { ...effort(short), ...(short ? {} : { rounds: 400, sampleMs: 4 }) },
    )
    await Promise.all(engines.map((engine) => engine.close()))
    const base = samples.get(contestants[0]?.[0] ?? '') ?? []
    for (const [contestant] of contestants) {
      const its = samples.get(contestant) ?? []
      const { p50, p95, samples: count } = summary(its)
      figures.push({
        scenario: `one message to the engine, ${moved} of ${ROWS.toLocaleString('en-US')} rows moved, page patched every 100 messages`,
        contestant,
        packageName: null,
        ours: true,
        p50,
        p95,
        samples: count,
        note: its === base ? '' : moreThan(base, its),
      })
    }
  }
  return { benchmark: 'devtools', title: 'devtools: engine time', unit: 'ms', figures, absent: [] }
}
