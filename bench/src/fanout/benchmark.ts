import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { startChild } from '../harness/child.ts'
import { deliveriesOf, type Setting, watchedRows } from './setting.ts'

interface Contestant {
  readonly name: string
  readonly packageName: string | null
  readonly ours: boolean
  readonly note: string
  /** Sends a message to every viewer at every update, concerned or not. */
  readonly tellsEverybody?: boolean
}

const contestants: readonly Contestant[] = [
  { name: 'rivulet', packageName: '@rivulet/server', ours: true, note: 'records, encodes, applies, filters, sends' },
  { name: 'socket.io', packageName: 'socket.io', ours: false, note: 'the same messages, ready made; keeps no state' },
  {
    name: 'colyseus',
    packageName: '@colyseus/core',
    ours: false,
    note: 'with @colyseus/ws-transport',
    tellsEverybody: true,
  },
  { name: 'ws', packageName: 'ws', ours: false, note: 'the same bytes, ready made; the floor' },
]

interface Effort {
  readonly settings: readonly Setting[]
  readonly rounds: number
  /** Updates of one sample. */
  readonly updates: number
}

function effortOf(short: boolean): Effort {
  const base = short ? { rows: 100, moved: 10 } : { rows: 1000, moved: 100 }
  const counts = short ? [10] : [100, 1000]
  const settings = (['whole', 'same', 'own'] as const).flatMap((audience) =>
    counts.map((viewers): Setting => ({ ...base, viewers, audience })),
  )
  return { settings, rounds: short ? 2 : 9, updates: short ? 8 : 64 }
}

/** How many updates are on their way together: enough to keep the host busy, few enough that nobody falls behind. */
const CHUNK = 4

/** A contestant with its viewers, connected and warm. */
interface Running extends Contestant {
  readonly perUpdate: number
  readonly samples: number[]
  stretch(updates: number): Promise<number>
  /** Of all updates since the last time it was asked. */
  bytesPerMessage(): Promise<number>
  close(): Promise<void>
}

async function run(contestant: Contestant, setting: Setting): Promise<Running> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [contestant.name])
  const viewers = startChild(new URL('viewers-process.ts', import.meta.url), [contestant.name])
  const concerned = deliveriesOf(setting)
  const frames = contestant.tellsEverybody === true ? setting.viewers : concerned
  let expected = 0
  let counted = { updates: 0, bytes: 0 }

  const close = async (): Promise<void> => {
    await Promise.all([viewers.close(), host.close()])
  }
  try {
    const port = await host.ask<number>('start', { contestant: contestant.name, setting })
    await viewers.ask('join', { contestant: contestant.name, port, rows: watchedRows(setting) })
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...contestant,
    perUpdate: concerned,
    samples: [],
    close,
    async stretch(updates) {
      await host.ask('collect')
      const before = await host.ask<number>('processorMs')
      for (let i = 0; i < updates; i += CHUNK) {
        await viewers.ask('reach', expected)
        expected += CHUNK * frames
        await host.ask('push', CHUNK)
      }
      await viewers.ask('reach', expected)
      return (await host.ask<number>('processorMs')) - before
    },
    async bytesPerMessage() {
      const before = counted
      counted = await viewers.ask<typeof counted>('received')
      if (counted.updates !== expected) {
        throw new Error(`${contestant.name}: ${counted.updates} updates arrived instead of ${expected}`)
      }
      return (counted.bytes - before.bytes) / (((counted.updates - before.updates) / frames) * concerned)
    },
  }
}

async function compare(setting: Setting, { rounds, updates }: Effort): Promise<Figure[]> {
  const running: Running[] = []
  try {
    for (const contestant of contestants) running.push(await run(contestant, setting))
    for (const one of running) {
      await one.stretch(updates)
      await one.bytesPerMessage()
    }
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < running.length; i++) {
        const one = running[(i + round) % running.length] as Running
        one.samples.push((await one.stretch(updates)) / updates)
      }
    }
    return await Promise.all(
      running.map(async (one): Promise<Figure> => {
        const { p50, ...rest } = summary(one.samples)
        const perCore = Math.round((1000 * one.perUpdate) / p50)
        return {
          scenario: titleOf(setting, one.perUpdate),
          contestant: one.name,
          packageName: one.packageName,
          ours: one.ours,
          p50,
          ...rest,
          parts: one.perUpdate,
          bytes: await one.bytesPerMessage(),
          note: `${perCore.toLocaleString('en-US')} messages/s a core; ${one.note}`,
        }
      }),
    )
  } finally {
    await Promise.all(running.map((one) => one.close()))
  }
}

function titleOf({ rows, viewers, moved, audience }: Setting, concerned: number): string {
  const watching = { whole: 'each the whole store', same: 'all the same row', own: 'each a row of its own' }[audience]
  const count = (n: number): string => n.toLocaleString('en-US')
  return `${count(viewers)} viewers, ${watching}; an update moves ${moved} of ${count(rows)} rows and concerns ${count(concerned)} viewers`
}

/** What one update costs the host, by its processor time; the viewers are elsewhere. */
export const fanout: Benchmark = {
  name: 'fanout',
  limit: 'one write to a socket for each viewer (ws)',
  async run({ short }: RunOptions) {
    const effort = effortOf(short)
    const figures: Figure[] = []
    for (const setting of effort.settings) figures.push(...(await compare(setting, effort)))
    return [
      {
        benchmark: 'fanout',
        title: "fanout: host's processor time per update (each: per viewer that it concerns); bytes per message",
        unit: 'ms',
        figures,
        absent: [],
      },
    ]
  },
}
