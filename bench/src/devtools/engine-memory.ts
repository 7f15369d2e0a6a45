import { setTimeout as wait } from 'node:timers/promises'
import type { Figure, Result } from '../harness/result.ts'
import { quantile } from '../harness/stats.ts'
import { deltasOf } from './deltas.ts'
import { type Inspected, openEngine } from './engine-rig.ts'

/** What an engine holds after many messages, whoever inspects it. */
const contestants: readonly (readonly [name: string, inspected: Inspected])[] = [
  ['nobody inspects', 'never'],
  ['an inspector has come and gone', 'was'],
  ['a ring of 4 MiB', 'ring'],
  ['an inspector', 'inspector'],
]

const ROWS = 1_000

/** Heap and buffers after a collection. */
async function inUse(): Promise<number> {
  const collect = (globalThis as { gc?: () => void }).gc
  if (collect === undefined) throw new Error('run it through `npm run bench`, which exposes the collector')
  // What has been given up may wait for a task, and for a second look.
  for (let times = 0; times < 3; times++) {
    await wait(5)
    collect()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function held(inspected: Inspected, messages: number): Promise<number> {
  const deltas = deltasOf(ROWS, 1)
  const before = await inUse()
  const engine = await openEngine(ROWS, inspected)
  for (let i = 0; i < messages; i++) engine.update(deltas[i % deltas.length] as Uint8Array)
  const after = await inUse()
  await engine.close()
  return after - before
}

/** Measures what an engine holds. */
export async function engineMemory(short: boolean): Promise<Result> {
  const [messages, rounds] = short ? [1_000, 2] : [30_000, 5]
  const samples = new Map(contestants.map(([name]) => [name, [] as number[]]))
  // The first round compiles.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, inspected] of contestants) {
      const bytes = await held(inspected, messages)
      if (round > 0) samples.get(name)?.push(bytes)
    }
  }
  const figures = Array.from(samples, ([contestant, bytes]): Figure => ({
    scenario: `an engine with ${ROWS.toLocaleString('en-US')} rows after ${messages.toLocaleString('en-US')} messages`,
    contestant,
    packageName: null,
    ours: true,
    p50: quantile(bytes, 0.5),
    p95: quantile(bytes, 0.95),
    samples: bytes.length,
  }))
  return { benchmark: 'devtools', title: 'devtools: memory', unit: 'bytes', column: 'heap', figures, absent: [] }
}
