import type { Absent, Figure, Result } from '../harness/result.ts'
import { type Contestant, contestants, type Effort, run } from './contestants.ts'

/** What a host has in use once `count` viewers are away and the store has changed. */
async function inUse(contestant: Contestant, { setting, changes }: Effort, count: number): Promise<number> {
  const one = await run(contestant, setting, count)
  try {
    await one.connectAll()
    await one.viewers.ask('drop')
    await one.host.ask('empty')
    await one.host.ask('change', changes)
    return await one.host.ask<number>('memory')
  } finally {
    await one.close()
  }
}

/** What one more viewer that is away costs in memory: hosts with few and with many of them, so that what a host needs anyway is not counted. */
export async function memory(effort: Effort): Promise<Result> {
  const few = effort.viewers
  const many = few * 5
  const count = (n: number): string => n.toLocaleString('en-US')
  const { changes, setting } = effort
  const scenario = `one more viewer away, between ${count(few)} and ${count(many)}, after ${count(changes)} changes of the same ${setting.moved} of ${count(setting.rows)} rows`
  const figures: Figure[] = []
  const absent: Absent[] = []
  for (const contestant of contestants) {
    const { name, packageName, ours } = contestant
    const [less, more] = [await inUse(contestant, effort, few), await inUse(contestant, effort, many)]
    const each = (more - less) / (many - few)
    if (each > 0) figures.push({ scenario, contestant: name, packageName, ours, p50: each, p95: each, samples: 1 })
    else absent.push({ contestant: name, reason: 'it keeps no more than memory fluctuates' })
  }
  return { benchmark: 'resume', title: 'resume: memory', unit: 'bytes', column: 'heap', figures, absent }
}
