import type { Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import { contestants } from './contestants/all.ts'
import { type Plan, playRound } from './rounds.ts'
import type { ReactContestant } from './table.ts'

const full: readonly Plan[] = [
  { rows: 1000, changed: 1, warmUps: 20, updates: 20 },
  { rows: 1000, changed: 100, warmUps: 10, updates: 10 },
  { rows: 10_000, changed: 1, warmUps: 10, updates: 20 },
]
const brief: readonly Plan[] = [{ rows: 50, changed: 1, warmUps: 1, updates: 3 }]

const count = (n: number): string => n.toLocaleString('en-US')

/** Rounds of everybody in turn; the one who goes first changes from round to round. */
async function compare(plan: Plan, rounds: number): Promise<Figure[]> {
  const mounts = new Map<ReactContestant, number[]>(contestants.map((contestant) => [contestant, []]))
  const updates = new Map<ReactContestant, number[]>(contestants.map((contestant) => [contestant, []]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(i + round) % contestants.length]
      if (contestant === undefined) continue
      const samples = await playRound(contestant, plan)
      // The first mount also compiles the library; it is nobody's everyday cost.
      if (round > 0 || rounds === 1) mounts.get(contestant)?.push(samples.mount)
      updates.get(contestant)?.push(...samples.updates)
    }
  }
  const figures = (scenario: string, samples: Map<ReactContestant, number[]>): Figure[] =>
    contestants.map((contestant) => ({
      scenario,
      contestant: contestant.name,
      packageName: contestant.packageName,
      ours: contestant.ours,
      ...(contestant.note === undefined ? {} : { note: contestant.note }),
      ...summary(samples.get(contestant) ?? []),
    }))
  const updated = figures(`${count(plan.changed)} of ${count(plan.rows)} rows updated`, updates)
  return plan.changed === 1 ? [...updated, ...figures(`mount ${count(plan.rows)} rows`, mounts)] : updated
}

/** All scenarios of the React benchmark. */
export async function reactScenarios({ short }: RunOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const plan of short ? brief : full) figures.push(...(await compare(plan, short ? 1 : 5)))
  return figures
}
