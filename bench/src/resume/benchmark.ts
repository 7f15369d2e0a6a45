import { contestants, type Effort, effortOf, run, type Running } from './contestants.ts'
import { memory } from './memory.ts'
import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'

/** What has been found out about a contestant. */
interface Samples {
  /** Host's processor milliseconds: per change while all are away, and per resume. */
  readonly changeMs: number[]
  readonly resumeMs: number[]
  readonly resumeBytes: number[]
}

/** All lose their connections, the store changes, one after the other comes back. Somebody must be connected. */
async function absence({ host, viewers }: Running, one: Samples, effort: Effort): Promise<void> {
  await viewers.ask('drop')
  await host.ask('empty')
  const before = await host.ask<number>('processorMs')
  await host.ask('change', effort.changes)
  one.changeMs.push(((await host.ask<number>('processorMs')) - before) / effort.changes)
  for (let index = 0; index < effort.viewers; index++) {
    const start = await host.ask<number>('processorMs')
    const bytes = await viewers.ask<number>('connect', { index, missed: effort.changes + index })
    one.resumeMs.push((await host.ask<number>('processorMs')) - start)
    one.resumeBytes.push(bytes)
    // The next one finds a state that nobody has asked for yet.
    await host.ask('change', 1)
  }
}

function figuresOf(all: ReadonlyMap<Running, Samples>, { setting, viewers, changes }: Effort): Figure[] {
  const count = (n: number): string => n.toLocaleString('en-US')
  const away = `${count(changes)} changes of the same ${setting.moved} of ${count(setting.rows)} rows`
  return [...all].flatMap(([{ name, packageName, ours, note }, { resumeMs, resumeBytes, changeMs }]): Figure[] => [
    {
      scenario: `host's processor time of one resume, connecting included, after ${away}`,
      contestant: name,
      packageName,
      ours,
      ...summary(resumeMs),
      bytes: summary(resumeBytes).p50,
      note,
    },
    {
      scenario: `host's processor time of one change while ${count(viewers)} viewers are away`,
      contestant: name,
      packageName,
      ours,
      ...summary(changeMs),
    },
  ])
}

/** What it costs the host that viewers come back to where they were. */
export const resume: Benchmark = {
  name: 'resume',
  limit: 'the bytes of what has changed, and one round trip',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const all = new Map<Running, Samples>()
    try {
      for (const contestant of contestants) {
        const one = await run(contestant, effort.setting, effort.viewers)
        all.set(one, { changeMs: [], resumeMs: [], resumeBytes: [] })
        await one.connectAll()
      }
      for (let round = 0; round < effort.rounds; round++) {
        for (const [one, samples] of all) await absence(one, samples, effort)
      }
      const figures = figuresOf(all, effort)
      return [{ benchmark: 'resume', title: 'resume', unit: 'ms', figures, absent: [] }, await memory(effort)]
    } finally {
      await Promise.all([...all.keys()].map((one) => one.close()))
    }
  },
}
