import { type Child, startChild } from '../harness/child.ts'
import type { Absent, Benchmark, Figure, Result, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { Setting } from './resume-host.ts'

interface Contestant {
  readonly name: string
  readonly packageName: string
  readonly ours: boolean
  readonly note: string
}

const contestants: readonly Contestant[] = [
  { name: 'rivulet, session', packageName: '@rivulet/server', ours: true, note: 'one merged change' },
  { name: 'rivulet, subscribed again', packageName: '@rivulet/server', ours: true, note: 'the whole state' },
  { name: 'socket.io', packageName: 'socket.io', ours: false, note: 'state recovery: every packet that was missed' },
  { name: 'colyseus', packageName: '@colyseus/core', ours: false, note: 'allowReconnection: the whole state' },
]

interface Effort {
  readonly setting: Setting
  readonly viewers: number
  /** Changes while everybody is away: 20 a second for a minute. */
  readonly changes: number
  readonly rounds: number
}

function effortOf(short: boolean): Effort {
  return short
    ? { setting: { rows: 500, moved: 20 }, viewers: 10, changes: 40, rounds: 1 }
    : { setting: { rows: 10_000, moved: 100 }, viewers: 100, changes: 1200, rounds: 3 }
}

/** A contestant, with what has been found out about it. */
interface Running extends Contestant {
  readonly host: Child
  readonly viewers: Child
  /** Host's processor milliseconds: per change while all are away, and per resume. */
  readonly changeMs: number[]
  readonly resumeMs: number[]
  readonly resumeBytes: number[]
  /** Bytes that the host holds for everybody who is away. */
  readonly held: number[]
}

async function run(contestant: Contestant, { setting, viewers: count }: Effort): Promise<Running> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [contestant.name])
  const viewers = startChild(new URL('viewers-process.ts', import.meta.url), [contestant.name])
  const port = await host.ask<number>('start', { contestant: contestant.name, setting })
  await viewers.ask('make', { contestant: contestant.name, port, count })
  return { ...contestant, host, viewers, changeMs: [], resumeMs: [], resumeBytes: [], held: [] }
}

/** All lose their connections, the store changes, one after the other comes back. Somebody must be connected. */
async function absence(one: Running, effort: Effort, nobody: number): Promise<void> {
  const { host, viewers } = one
  await viewers.ask('drop')
  await host.ask('empty')
  const before = await host.ask<number>('processorMs')
  await host.ask('change', effort.changes)
  one.changeMs.push(((await host.ask<number>('processorMs')) - before) / effort.changes)
  one.held.push((await host.ask<number>('memory')) - nobody)
  for (let index = 0; index < effort.viewers; index++) {
    const start = await host.ask<number>('processorMs')
    const bytes = await viewers.ask<number>('connect', { index, missed: effort.changes + index })
    one.resumeMs.push((await host.ask<number>('processorMs')) - start)
    one.resumeBytes.push(bytes)
    // The next one finds a state that nobody has asked for yet.
    await host.ask('change', 1)
  }
}

async function compare(running: readonly Running[], effort: Effort): Promise<void> {
  const nobody: number[] = []
  for (const { host, viewers } of running) {
    await host.ask('change', effort.changes)
    nobody.push(await host.ask<number>('memory'))
    for (let index = 0; index < effort.viewers; index++) await viewers.ask('connect', { index, missed: 0 })
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const [i, one] of running.entries()) await absence(one, effort, nobody[i] ?? 0)
  }
}

function resultsOf(running: readonly Running[], { setting, viewers, changes }: Effort): Result[] {
  const count = (n: number): string => n.toLocaleString('en-US')
  const away = `${count(changes)} changes of the same ${setting.moved} of ${count(setting.rows)} rows`
  const timed = running.flatMap(({ name, packageName, ours, note, resumeMs, resumeBytes, changeMs }): Figure[] => [
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
  const absent: Absent[] = []
  const held = running.flatMap(({ name, packageName, ours, held: samples }): Figure[] => {
    const each = summary(samples.map((bytes) => bytes / viewers))
    if (each.p50 > 0)
      return [{ scenario: `kept per viewer after ${away}`, contestant: name, packageName, ours, ...each }]
    absent.push({ contestant: name, reason: 'it keeps no more than memory fluctuates' })
    return []
  })
  return [
    { benchmark: 'resume', title: 'resume', unit: 'ms', figures: timed, absent: [] },
    { benchmark: 'resume', title: 'resume: memory', unit: 'bytes', column: 'heap', figures: held, absent },
  ]
}

/** What it costs the host that viewers come back to where they were. */
export const resume: Benchmark = {
  name: 'resume',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const running: Running[] = []
    try {
      for (const contestant of contestants) running.push(await run(contestant, effort))
      await compare(running, effort)
      return resultsOf(running, effort)
    } finally {
      await Promise.all(running.flatMap(({ host, viewers }) => [host.close(), viewers.close()]))
    }
  },
}
