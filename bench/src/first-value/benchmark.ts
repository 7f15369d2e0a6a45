import { createLine, slow4G } from '../harness/line.ts'
import { startRelay } from '../harness/relay.ts'
import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { type LiveContestant, liveContestants, type LiveName } from '../live/contestant.ts'
import type { Setting } from '../live/live-host.ts'
import { runHost } from '../live/run-host.ts'

/** The entries of the built pages: each holds only what its contestant needs. */
const entries: Partial<Record<LiveName, string>> = {
  rivulet: 'rivulet',
  colyseus: 'colyseus',
  'naive worker and zustand': 'naive-worker',
  'socket.io, JSON and zustand': 'json',
}

interface Sample {
  readonly ms: number
  readonly bytes: number
}

/** One first visit, nothing cached, everything through one line. */
async function visit(stage: Stage, one: LiveContestant, setting: Setting, slow: boolean): Promise<Sample> {
  const line = slow ? createLine(slow4G) : undefined
  const running = await runHost(one.host, setting, line)
  const files = await startRelay(Number(new URL(stage.serving.url).port), line)
  try {
    const context = await stage.newContext()
    try {
      const page = await context.newPage()
      if (slow) await page.session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      const shown = async (): Promise<number> => {
        await page.goto(`http://127.0.0.1:${files.port}/?host=${encodeURIComponent(running.url)}`)
        return page.waitFor(() => globalThis.firstValueMs, undefined, 60_000)
      }
      const ms = await Promise.race([shown(), page.failed])
      return { ms, bytes: files.bytesDown() + running.relay.bytesDown() }
    } finally {
      await context.close()
    }
  } finally {
    await files.close()
    await running.close()
  }
}

/** How long a first visitor looks at nothing. */
export const firstValue: Benchmark = {
  name: 'first-value',
  limit:
    'on Slow 4G three round trips of 150 ms before any byte of script (connection and document; script), one for the socket, one for the value; bytes at 1.6 Mbit/s; parsing, about 1 ms for 100 kB',
  async run({ short }: RunOptions) {
    const setting: Setting = { rows: short ? 50 : 1000, moved: 1 }
    const contestants = liveContestants.filter(({ name }) => entries[name] !== undefined)
    const rows = setting.rows.toLocaleString('en-US')
    const figures: Figure[] = []
    for (const slow of short ? [true] : [false, true]) {
      const scenario = `navigation to ten rows of ${rows} shown, nothing cached, ${slow ? '4× CPU throttle of the page thread, Slow 4G' : 'full speed'}`
      for (const one of contestants) {
        const entry = new URL(`entries/${entries[one.name]}.ts`, import.meta.url)
        const samples: Sample[] = []
        await withStage(entry, async (stage) => {
          for (let round = 0; round < (short ? 1 : 9); round++) samples.push(await visit(stage, one, setting, slow))
        })
        const { name, packageName, ours, note } = one
        figures.push({
          scenario,
          contestant: name,
          packageName,
          ours,
          ...summary(samples.map(({ ms }) => ms)),
          bytes: summary(samples.map(({ bytes }) => bytes)).p50,
          note,
        })
      }
    }
    return [{ benchmark: 'first-value', title: 'first value, Chromium', unit: 'ms', figures, absent: [] }]
  },
}
