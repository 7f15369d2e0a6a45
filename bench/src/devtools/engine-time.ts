import { deltasOf } from './deltas.ts'
import { effort, measure } from '../harness/measure.ts'
import type { Result } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
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
      { ...effort(short), sampleMs: short ? 0.2 : 10 },
    )
    await Promise.all(engines.map((engine) => engine.close()))
    const base = summary(samples.get(contestants[0]?.[0] ?? '') ?? []).p50
    for (const [contestant] of contestants) {
      const { p50, p95, samples: count } = summary(samples.get(contestant) ?? [])
      const more = (p50 / base - 1) * 100
      figures.push({
        scenario: `one message to the engine, ${moved} of ${ROWS.toLocaleString('en-US')} rows moved, page patched every 100 messages`,
        contestant,
        packageName: null,
        ours: true,
        p50,
        p95,
        samples: count,
        note: `${more >= 0 ? '+' : ''}${more.toFixed(1)} %`,
      })
    }
  }
  return { benchmark: 'devtools', title: 'devtools: engine time', unit: 'ms', figures, absent: [] }
}
