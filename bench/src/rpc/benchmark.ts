import { type Child, startChild } from '../harness/child.ts'
import type { Benchmark, Figure, Result, RunOptions } from '../harness/result.ts'
import { quantile, summary } from '../harness/stats.ts'

interface Contestant {
  readonly name: string
  readonly packageName: string
  readonly ours: boolean
  readonly note: string
}

const contestants: readonly Contestant[] = [
  { name: 'rivulet', packageName: '@rivulet/server', ours: true, note: 'typed on both sides' },
  { name: 'socket.io', packageName: 'socket.io', ours: false, note: 'acknowledgement' },
  { name: 'colyseus', packageName: '@colyseus/core', ours: false, note: 'room.request' },
  { name: 'ws', packageName: 'ws', ours: false, note: 'JSON in a frame; the floor' },
]

interface Running extends Contestant {
  readonly host: Child
  readonly caller: Child
}

async function run(contestant: Contestant): Promise<Running> {
  const host = startChild(new URL('host-process.ts', import.meta.url), [contestant.name])
  const caller = startChild(new URL('caller-process.ts', import.meta.url), [contestant.name])
  try {
    const port = await host.ask<number>('start', contestant.name)
    await caller.ask('connect', { contestant: contestant.name, port })
    return { ...contestant, host, caller }
  } catch (error) {
    await Promise.all([host.close(), caller.close()])
    throw error
  }
}

interface Samples {
  readonly latencies: number[]
  /** Calls a second, by round. */
  readonly rates: number[]
  /** Host's processor milliseconds per call, by round. */
  readonly costs: number[]
}

interface Load {
  readonly calls: number
  readonly inFlight: number
}

async function sample({ host, caller }: Running, into: Samples, load: Load): Promise<void> {
  await host.ask('collect')
  const before = await host.ask<number>('processorMs')
  const { latencies, ms } = await caller.ask<{ latencies: number[]; ms: number }>('run', load)
  into.costs.push(((await host.ask<number>('processorMs')) - before) / load.calls)
  into.rates.push((load.calls * 1000) / ms)
  into.latencies.push(...latencies)
}

async function compare(running: readonly Running[], rounds: number, load: Load): Promise<Figure[]> {
  const all = running.map((one) => ({ one, samples: { latencies: [], rates: [], costs: [] } satisfies Samples }))
  // Compiles and warms.
  for (const { one } of all) await one.caller.ask('run', load)
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < all.length; i++) {
      const turn = all[(i + round) % all.length]
      if (turn !== undefined) await sample(turn.one, turn.samples, load)
    }
  }
  const loaded = `${load.inFlight} in flight`
  return all.flatMap(({ one: { name, packageName, ours, note }, samples: { latencies, rates, costs } }): Figure[] => {
    const common = { contestant: name, packageName, ours }
    const cost = summary(costs)
    const rate = Math.round(quantile(rates, 0.5)).toLocaleString('en-US')
    const perCore = Math.round(1000 / cost.p50).toLocaleString('en-US')
    const p99 = Math.round(quantile(latencies, 0.99) * 1000).toLocaleString('en-US')
    return [
      {
        ...common,
        scenario: `round trip, ${loaded}`,
        ...summary(latencies),
        note: `p99 ${p99} µs; ${rate} calls/s; ${note}`,
      },
      { ...common, scenario: `host's processor time per call, ${loaded}`, ...cost, note: `${perCore} calls/s a core` },
    ]
  })
}

/** Calls: how long they take, how many there can be, and what they cost the host. */
export const rpc: Benchmark = {
  name: 'rpc',
  limit: 'one frame each way (ws)',
  async run({ short }: RunOptions): Promise<readonly Result[]> {
    const running: Running[] = []
    try {
      for (const contestant of contestants) running.push(await run(contestant))
      const figures: Figure[] = []
      for (const inFlight of [1, 64]) {
        figures.push(...(await compare(running, short ? 2 : 9, { calls: short ? 100 : 3000, inFlight })))
      }
      return [{ benchmark: 'rpc', title: 'rpc: a text and a number, there and back', unit: 'ms', figures, absent: [] }]
    } finally {
      await Promise.all(running.flatMap(({ host, caller }) => [host.close(), caller.close()]))
    }
  },
}
