import type { TargetSession } from '../harness/target-session.ts'

/** Starts Chromium's accounts of the page's main thread, in processor time: what other processes take does not count. */
export async function countMainThread(session: TargetSession): Promise<void> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
}

/**
 * Milliseconds the page's main thread has spent so far, in tasks of any kind: script, microtasks, messages and their deserialisation, garbage collection,
 * frames. (`ScriptDuration` would be the wrong account: it leaves out microtasks, where a WebSocket client does its work.)
 */
export async function mainThreadMs(session: TargetSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const tasks = metrics.find(({ name }) => name === 'TaskDuration')
  if (tasks === undefined) throw new Error('This Chromium does not count the time spent in tasks.')
  return tasks.value * 1000
}
