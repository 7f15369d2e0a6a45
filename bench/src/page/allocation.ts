import type { TargetSession } from '../harness/target-session.ts'
import type { Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { Stage } from '../harness/with-page.ts'
import { storeNames } from './formats.ts'
import { makeStream } from './recordings.ts'
import type { ReplayHost } from './replay-host.ts'
import type { Viewer } from './viewer.ts'

/** Bytes that the page's own thread allocates while `body` runs, whether they were collected meanwhile or not: from V8's sampling of the heap. */
async function allocated(session: TargetSession, body: () => Promise<unknown>): Promise<number> {
  await session.send('HeapProfiler.startSampling', {
    samplingInterval: 1024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await body()
  const { profile } = await session.send('HeapProfiler.stopSampling')
  return profile.samples.reduce((sum, { size }) => sum + size, 0)
}

type Following = Viewer & { readonly format: NonNullable<Viewer['format']> }

/** What the page's thread allocates for each delta of a steady stream: garbage that a frame will have to wait for some day. */
export async function allocation(
  stage: Stage,
  host: ReplayHost,
  all: readonly Viewer[],
  { short }: RunOptions,
): Promise<Figure[]> {
  const viewers = all.filter((viewer): viewer is Following => viewer.format !== null)
  const entities = short ? 100 : 1000
  const deltas = short ? 30 : 240
  const stream = makeStream(entities, entities)
  host.load(stream.recordings)
  const figures: Figure[] = []
  for (const viewer of viewers) {
    const samples: number[] = []
    for (let round = 0; round < (short ? 1 : 3); round++) {
      const bytes = await stage.onPage(async ({ page, call }) => {
        const { session } = page
        await call('startViewer', { name: viewer.name, subject: 'world', draw: false })
        await call('untilShown', stream.atFirst)
        const play = (ending: number): Promise<unknown> =>
          Promise.all([
            host.play(storeNames[viewer.format].world, deltas, 60, ending),
            call('untilShown', stream.atEnd[ending]),
          ])
        // The first stretch compiles; the second counts.
        await play(0)
        return allocated(session, () => play(1))
      })
      samples.push(bytes / deltas)
    }
    const { name, packageName, ours, note } = viewer
    figures.push({
      scenario: `allocated on the page's thread per delta of ${entities.toLocaleString('en-US')} entities, 10 rows watched, 60 deltas/s`,
      contestant: name,
      packageName,
      ours,
      note,
      ...summary(samples),
    })
  }
  return figures
}
