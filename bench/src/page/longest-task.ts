import type { Browser } from 'playwright'
import type { QuietPage } from '../harness/quiet-page.ts'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
}

/** What the page says into the trace when it begins: by it its thread is known among those of other pages and of the browser's own window. */
const MARK = 'rivulet: longest task'

/** Milliseconds of the longest task on the page's main thread while `body` runs, from Chromium's trace. */
export async function longestTask(browser: Browser, page: QuietPage, body: () => Promise<void>): Promise<number> {
  await browser.startTracing(undefined, {
    categories: ['toplevel', 'blink.user_timing', 'disabled-by-default-devtools.timeline'],
  })
  let trace: Buffer
  try {
    await page.evaluate((name) => void performance.mark(name), MARK)
    await body()
    // What `body` waited for may be said in the middle of the longest task; a trace that stops there does not have it.
    await page.evaluate(() => new Promise<void>((resolve) => setTimeout(resolve)))
  } finally {
    trace = await browser.stopTracing()
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }
  const mark = traceEvents.find(({ name }) => name === MARK)
  if (mark === undefined) throw new Error('The trace does not have the mark of the page.')
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid, ts }) =>
      ph === 'X' && name.endsWith('RunTask') && pid === mark.pid && tid === mark.tid && ts > mark.ts,
  )
  if (tasks.length === 0) throw new Error('The trace has no tasks of the page.')
  return Math.max(...tasks.map(({ dur }) => dur ?? 0)) / 1000
}
