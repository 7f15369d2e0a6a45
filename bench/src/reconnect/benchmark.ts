import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { type LiveContestant, liveContestants } from '../live/contestant.ts'
import type { Setting } from '../live/live-host.ts'
import { runHost } from '../live/run-host.ts'
import { comeBack, type ComeBack } from './come-back.ts'

interface Effort {
  readonly setting: Setting
  readonly shown: number
  /** 20 changes a second, for as long as they are away. */
  readonly changes: number
  readonly absences: number
  readonly rounds: number
}

function effortOf(short: boolean): Effort {
  return short
    ? { setting: { rows: 200, moved: 20 }, shown: 40, changes: 9, absences: 1, rounds: 1 }
    : { setting: { rows: 10_000, moved: 100 }, shown: 1000, changes: 1201, absences: 3, rounds: 3 }
}

async function round(stage: Stage, one: LiveContestant, effort: Effort, samples: ComeBack[]): Promise<void> {
  const running = await runHost(one.host, effort.setting)
  try {
    // Every row that changes is shown, among others that do not.
    const step = effort.setting.rows / effort.shown
    const ids = Array.from({ length: effort.shown }, (_, i) => `e${Math.floor(i * step)}`)
    samples.push(...(await stage.onPage((open) => comeBack(open, running, { ...effort, name: one.name, ids }))))
  } catch (error) {
    throw new Error(`${one.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    await running.close()
  }
}

/** A page that was offline for a minute: how soon it is right again, and what that costs. */
export const reconnect: Benchmark = {
  name: 'reconnect',
  limit:
    'the bytes of what has changed, and one round trip after the connection is up; renders of the changed rows only',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const all = new Map<LiveContestant, ComeBack[]>(liveContestants.map((one) => [one, []]))
    await withStage(new URL('../live/page.tsx', import.meta.url), async (stage) => {
      for (let turn = 0; turn < effort.rounds; turn++) {
        for (let i = 0; i < liveContestants.length; i++) {
          const one = liveContestants[(i + turn) % liveContestants.length] as LiveContestant
          await round(stage, one, effort, all.get(one) as ComeBack[])
        }
      }
    })
    const count = (n: number): string => n.toLocaleString('en-US')
    const { setting, shown, changes } = effort
    const scenario = `new connection to every row right, ${count(changes)} changes missed of the same ${setting.moved} of ${count(setting.rows)} rows, ${count(shown)} rendered`
    const figures = Array.from(all, ([{ name, packageName, ours }, samples]): Figure => {
      const worst = (of: (sample: ComeBack) => number): string => count(Math.max(...samples.map(of)))
      return {
        scenario,
        contestant: name,
        packageName,
        ours,
        ...summary(samples.map(({ ms }) => ms)),
        bytes: summary(samples.map(({ bytes }) => bytes)).p50,
        note: `renders of unchanged rows: ${worst((one) => one.unchangedRenders)}, of changed rows: ${worst((one) => one.changedRenders)}; Suspense fallbacks: ${worst((one) => one.fallbacks)}`,
      }
    })
    return [{ benchmark: 'reconnect', title: 'reconnect, Chromium', unit: 'ms', figures, absent: [] }]
  },
}
