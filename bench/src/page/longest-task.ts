import type { Browser } from 'playwright'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly args?: { readonly name?: string }
}

/** Milliseconds of the longest task on the page's main thread while `body` runs, from Chromium's trace. */
export async function longestTask(browser: Browser, body: () => Promise<void>): Promise<number> {
  await browser.startTracing(undefined, {
    categories: ['toplevel', '__metadata', 'disabled-by-default-devtools.timeline'],
  })
  let trace: Buffer
  try {
    await body()
  } finally {
    trace = await browser.stopTracing()
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}.${tid}`),
  )
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mainThreads.has(`${pid}.${tid}`),
  )
  if (tasks.length === 0) throw new Error('The trace has no tasks of the page.')
  return Math.max(...tasks.map(({ dur }) => dur ?? 0)) / 1000
}
