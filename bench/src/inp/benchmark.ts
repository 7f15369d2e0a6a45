import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { quantile, summary } from '../harness/stats.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { type LiveContestant, liveContestants } from '../live/contestant.ts'
import type { Latencies } from '../live/latencies.ts'
import { type Setting, xAfter } from '../live/live-host.ts'
import { runHost } from '../live/run-host.ts'
import { typeKeys } from './type-keys.ts'

const PER_SECOND = 60

interface Effort {
  readonly setting: Setting
  readonly shown: number
  readonly keys: number
  readonly rounds: number
  readonly slowdowns: readonly number[]
}

function effortOf(short: boolean): Effort {
  return short
    ? { setting: { rows: 100, moved: 100 }, shown: 10, keys: 6, rounds: 1, slowdowns: [4] }
    : { setting: { rows: 1000, moved: 1000 }, shown: 50, keys: 100, rounds: 3, slowdowns: [1, 4] }
}

/** The keys of all rounds, once without and once with the stream. */
interface Typed {
  readonly idle: Latencies[]
  readonly streaming: Latencies[]
}

/** Every so many rows one is shown. */
function shownIds({ setting, shown }: Effort): string[] {
  return Array.from({ length: shown }, (_, i) => `e${Math.floor((i * setting.rows) / shown)}`)
}

async function round(
  stage: Stage,
  contestant: LiveContestant,
  slowdown: number,
  effort: Effort,
  typed: Typed,
): Promise<void> {
  const running = await runHost(contestant.host, effort.setting)
  try {
    await stage.onPage(async ({ page, call }) => {
      const ids = shownIds(effort)
      const { session } = page
      await call('startApp', { name: contestant.name, url: running.url, ids })
      const atFirst = xAfter(effort.setting, 0)
      await call('untilRows', Object.fromEntries(ids.map((id) => [id, atFirst.get(id)])))
      await page.evaluate(() => document.querySelector('input')?.focus())
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
      await call('startLatencies')
      // The first keys compile what the others run.
      await typeKeys(session, Math.min(10, effort.keys))
      await call('latencies')
      await typeKeys(session, effort.keys)
      typed.idle.push(await call<Latencies>('latencies'))
      await running.host.ask('stream', PER_SECOND)
      await typeKeys(session, Math.min(10, effort.keys))
      await call('latencies')
      await typeKeys(session, effort.keys)
      typed.streaming.push(await call<Latencies>('latencies'))
      await running.host.ask('stream', 0)
      const text = await page.evaluate(() => document.querySelector('input')?.value ?? '')
      const sent = 2 * (effort.keys + Math.min(10, effort.keys))
      if (text.length !== sent) throw new Error(`${contestant.name}: ${text.length} of ${sent} keys are in the field`)
    })
  } finally {
    await running.close()
  }
}

/** Event Timing says nothing of keys below its threshold, and rounds to 8 ms. */
function reportedP98(all: readonly Latencies[]): string {
  const padded = all.flatMap(({ own, reported }) => [
    ...reported,
    ...Array.from({ length: Math.max(0, own.length - reported.length) }, () => 0),
  ])
  const p98 = quantile(padded, 0.98)
  return p98 < 16 ? '< 16 ms' : `${p98.toFixed(0)} ms`
}

function figuresOf(contestant: LiveContestant, { idle, streaming }: Typed, slowdown: number, effort: Effort): Figure[] {
  const { name, packageName, ours } = contestant
  const own = (all: readonly Latencies[]): number[] => all.flatMap((one) => one.own)
  const speed = slowdown === 1 ? 'full speed' : `${slowdown}× CPU throttle of the page thread`
  const p98 = { idle: quantile(own(idle), 0.98), streaming: quantile(own(streaming), 0.98) }
  const count = effort.setting.rows.toLocaleString('en-US')
  const [ms, more] = [p98.streaming.toFixed(1), (p98.streaming - p98.idle).toFixed(1)]
  return [
    {
      scenario: `a key to the frame that shows it, ${count} entities moving at ${PER_SECOND} Hz, ${effort.shown} of them rendered, ${speed}`,
      contestant: name,
      packageName,
      ours,
      ...summary(own(streaming)),
      note: `p98 ${ms} ms, ${more} ms over idle; INP (Event Timing, p98) ${reportedP98(streaming)}, idle ${reportedP98(idle)}; ${contestant.note}`,
    },
  ]
}

/** What a user feels who types while the world moves: real key events, from the event to the frame. */
export const inp: Benchmark = {
  name: 'inp',
  limit:
    'the next frame: half a frame in the mean and one at most, 16.7 ms at 60 Hz, besides the dispatch of the event',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const contestants = liveContestants.filter(({ host }) => host !== 'rivulet, sessions')
    const figures = await withStage(new URL('../live/page.tsx', import.meta.url), async (stage) => {
      const all: Figure[] = []
      for (const slowdown of effort.slowdowns) {
        const typed = new Map<LiveContestant, Typed>(contestants.map((one) => [one, { idle: [], streaming: [] }]))
        for (let turn = 0; turn < effort.rounds; turn++) {
          for (let i = 0; i < contestants.length; i++) {
            const one = contestants[(i + turn) % contestants.length] as LiveContestant
            await round(stage, one, slowdown, effort, typed.get(one) as Typed)
          }
        }
        for (const [one, its] of typed) all.push(...figuresOf(one, its, slowdown, effort))
      }
      return all
    })
    return [{ benchmark: 'inp', title: 'inp, Chromium', unit: 'ms', figures, absent: [] }]
  },
}
