import type { CallEnd, Follower } from './follower.ts'

/** A call that was made, and how it ended. */
export interface CallRecord {
  readonly id: string
  readonly end: CallEnd
  readonly tookMs: number
}

/** Calls `Credit` again and again until stopped; no two calls share an id. */
export function callSteadily(
  follower: Follower,
  { name, everyMs, timeoutMs }: { readonly name: string; readonly everyMs: number; readonly timeoutMs: number },
): { stop(): Promise<readonly CallRecord[]> } {
  const records: Promise<CallRecord>[] = []
  const timer = setInterval(() => {
    const id = `${name} #${records.length}`
    const began = performance.now()
    records.push(follower.credit(id, timeoutMs).then((end) => ({ id, end, tookMs: performance.now() - began })))
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return Promise.all(records)
    },
  }
}

/**
 * What is wrong with the calls, given how often each ran: acknowledged ones ran exactly once, the others at most once, and none ended later than `latestMs`.
 */
export function faultsOfCalls(
  records: readonly CallRecord[],
  ran: ReadonlyMap<string, number>,
  latestMs: number,
): string[] {
  return records.flatMap(({ id, end, tookMs }) => {
    const times = ran.get(id) ?? 0
    const faults: string[] = []
    if ('ran' in end && (times !== 1 || end.ran !== 1))
      faults.push(`${id}: answered with ${end.ran}, ran ${times} times`)
    if (times > 1) faults.push(`${id}: ran ${times} times`)
    if (tookMs > latestMs) faults.push(`${id}: ended after ${Math.round(tookMs)} ms`)
    return faults
  })
}

/** How many calls ended in which way, as `answered 12, timeout 3`. */
export function endsOf(records: readonly CallRecord[]): string {
  const counts = new Map<string, number>()
  for (const { end } of records) {
    const how = 'ran' in end ? 'answered' : end.failed
    counts.set(how, (counts.get(how) ?? 0) + 1)
  }
  return [...counts]
    .map(([how, count]) => `${how} ${count}`)
    .toSorted()
    .join(', ')
}
