import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { quantile } from '../harness/stats.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { type LiveContestant, liveContestants } from '../live/contestant.ts'
import type { Setting } from '../live/live-host.ts'
import { runHost } from '../live/run-host.ts'
import { type Growth, openApp, type Repeated, type Repeats } from './growth.ts'
import { growthPerTab, type SharedEngine } from './tab-growth.ts'

interface Effort {
  readonly setting: Setting
  readonly shown: number
  readonly repeats: Readonly<Record<Repeated, Repeats>>
  readonly tabs: Repeats
}

function effortOf(short: boolean): Effort {
  const few = { stretches: 3, times: 2 }
  return short
    ? {
        setting: { rows: 200, moved: 5 },
        shown: 10,
        repeats: { change: { stretches: 3, times: 10 }, reconnect: few, mount: few, client: few },
        tabs: { stretches: 3, times: 1 },
      }
    : {
        setting: { rows: 10_000, moved: 10 },
        shown: 50,
        repeats: {
          // 60 a second for an hour.
          change: { stretches: 12, times: 18_000 },
          reconnect: { stretches: 8, times: 5 },
          mount: { stretches: 8, times: 25 },
          client: { stretches: 8, times: 5 },
        },
        tabs: { stretches: 8, times: 5 },
      }
}

/** All that is done again and again, in the order in which it is done. */
const repeated: readonly Repeated[] = ['change', 'reconnect', 'mount', 'client']

/** The rows that are shown. */
function idsOf({ setting, shown }: Effort): string[] {
  return Array.from({ length: shown }, (_, i) => `e${Math.floor((i * setting.rows) / shown)}`)
}

/** Opens the application of `one` on a page of its own, and does everything again and again. */
async function measureGrowth(stage: Stage, one: LiveContestant, effort: Effort): Promise<Map<Repeated, Growth>> {
  const { setting, repeats } = effort
  const running = await runHost(one.host, setting)
  try {
    const ids = idsOf(effort)
    return await stage.onPage(async (open) => {
      const opened = await openApp(open, { name: one.name, setting, ids, running })
      const grown = new Map<Repeated, Growth>()
      for (const what of repeated) grown.set(what, await opened.growth(what, repeats[what]))
      return grown
    })
  } catch (error) {
    throw new Error(`${one.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    await running.close()
  }
}

/** What tabs that come and go leave in the engine that they share. Nobody else here has such a one. */
async function tabFigure(stage: Stage, name: SharedEngine, effort: Effort): Promise<Figure> {
  const { setting, tabs } = effort
  const running = await runHost('rivulet', setting)
  try {
    const { heap, each } = await growthPerTab(stage, { name, setting, ids: idsOf(effort), running }, tabs)
    return {
      scenario: `heap of the engine that tabs share after a collection, ${setting.rows.toLocaleString('en-US')} rows: tabs opened and closed beside one that stays`,
      contestant: name,
      packageName: '@rivulet/react',
      ours: true,
      p50: quantile(heap, 0.5),
      p95: quantile(heap, 0.95),
      samples: heap.length,
      note: `grows by ${bytesEach(each)} each time`,
    }
  } finally {
    await running.close()
  }
}

const titles: Readonly<Record<Repeated, (effort: Effort) => string>> = {
  change: ({ setting, repeats: { change } }) =>
    `a stream of ${((change.stretches + 2) * change.times).toLocaleString('en-US')} changes of ${setting.moved} rows`,
  reconnect: () => 'connections lost and found',
  mount: () => 'the application unmounted and mounted',
  client: () => 'clients closed and opened',
}

const bytesEach = (bytes: number): string => `${bytes > 0 ? '+' : ''}${Math.round(bytes).toLocaleString('en-US')} B`

/** Whether anything grows that should not, and what a page holds at all. */
export const memory: Benchmark = {
  name: 'memory',
  limit: 'what is shown, on the page; one decoded state, in the worker; growth: none',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const figures = await withStage(new URL('../live/page.tsx', import.meta.url), async (stage) => {
      // A state that is decoded on the page and one in a worker, beside ours.
      const contestants = liveContestants.filter(({ host }) => host !== 'rivulet, sessions')
      const all = new Map<LiveContestant, Map<Repeated, Growth>>()
      for (const one of contestants) all.set(one, await measureGrowth(stage, one, effort))
      const perTab: Figure[] = []
      for (const name of ['rivulet, shared worker', 'rivulet, leader'] as const)
        perTab.push(await tabFigure(stage, name, effort))
      const others = repeated.flatMap((what) =>
        Array.from(all, ([{ name, packageName, ours }, grown]): Figure => {
          const { heap, each } = grown.get(what) as Growth
          return {
            scenario: `heap of page and worker after a collection, ${effort.setting.rows.toLocaleString('en-US')} rows, ${effort.shown} rendered: ${titles[what](effort)}`,
            contestant: name,
            packageName,
            ours,
            p50: quantile(heap, 0.5),
            p95: quantile(heap, 0.95),
            samples: heap.length,
            note: `grows by ${bytesEach(each)} each time`,
          }
        }),
      )
      return [...others, ...perTab]
    })
    return [{ benchmark: 'memory', title: 'memory, Chromium', unit: 'bytes', column: 'heap', figures, absent: [] }]
  },
}
