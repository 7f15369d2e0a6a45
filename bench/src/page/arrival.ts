import type { Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { Stage } from '../harness/with-page.ts'
import { storeNames } from './formats.ts'
import { longestTask } from './longest-task.ts'
import { makeArrival } from './recordings.ts'
import type { ReplayHost } from './replay-host.ts'
import type { Shown, Viewer } from './viewer.ts'

/** A viewer that has something to wait for. */
type Connected = Viewer & { readonly format: NonNullable<Viewer['format']> }

/** The longest main-thread task from the moment the state is sent until the ten rows have been shown, at this CPU slowdown. */
function arrive(stage: Stage, host: ReplayHost, viewer: Connected, atFirst: Shown, slowdown: number): Promise<number> {
  return stage.onPage(async ({ page, call }) => {
    const { session } = page
    // Loading, starting and connecting are not what is measured here.
    await Promise.all([
      host.awaited(storeNames[viewer.format].depot),
      call('startViewer', { name: viewer.name, subject: 'depot', draw: false }),
    ])
    // So is being asked by the harness: its script is compiled on the page's thread too.
    const shown = call('untilShown', atFirst)
    await page.waitFor(() => (globalThis as { isAsked?: () => boolean }).isAsked?.())
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    return longestTask(stage.browser, page, async () => {
      host.release()
      await shown
    })
  })
}

/** Longest page task while a large full state arrives; a task of more than 50 ms is what users feel as a freeze. */
export async function arrival(
  stage: Stage,
  host: ReplayHost,
  all: readonly Viewer[],
  { short }: RunOptions,
): Promise<Figure[]> {
  const viewers = all.filter((viewer): viewer is Connected => viewer.format !== null)
  const rows = short ? 500 : 10_000
  const arriving = makeArrival(rows)
  host.load(arriving.recordings)
  host.hold()
  const slowdowns = short ? [1] : [1, 4]
  const rounds = short ? 1 : 7
  const figures: Figure[] = []
  for (const slowdown of slowdowns) {
    const samples = new Map<Connected, number[]>(viewers.map((viewer) => [viewer, []]))
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < viewers.length; i++) {
        const viewer = viewers[(i + round) % viewers.length]
        if (viewer !== undefined)
          samples.get(viewer)?.push(await arrive(stage, host, viewer, arriving.atFirst, slowdown))
      }
    }
    const rate = slowdown === 1 ? 'full speed' : `${slowdown}× CPU throttle of the page thread`
    for (const viewer of viewers) {
      figures.push({
        scenario: `longest page task while ${rows.toLocaleString('en-US')} rows of two structs arrive, ${rate}`,
        contestant: viewer.name,
        packageName: viewer.packageName,
        ours: viewer.ours,
        note: viewer.note,
        ...summary(samples.get(viewer) ?? []),
        bytes:
          arriving.recordings.find(({ storeName }) => storeName === storeNames[viewer.format].depot)?.full.length ?? 0,
      })
    }
  }
  return figures
}
