import type { Setting } from '../fanout/setting.ts'
import { startChild } from '../harness/child.ts'
import type { Benchmark, Figure, RunOptions } from '../harness/result.ts'
import { summary } from '../harness/stats.ts'
import type { QuietContext, QuietPage } from '../harness/quiet-page.ts'
import { type Stage, withStage } from '../harness/with-page.ts'
import { farAway } from './far-away.ts'
import { startJson } from './json-host.ts'

/** Milliseconds to the host, each way. */
const DISTANCE_MS = 25

interface Contestant {
  readonly name: string
  readonly packageName: string | null
  readonly ours: boolean
  readonly note: string
  /** As the page knows it. */
  readonly page: string
  readonly host: 'rivulet' | 'colyseus' | 'json'
  /** It has been here before, and nobody answers now. */
  readonly alone?: boolean
}

const rivulet = { packageName: '@rivulet/client', ours: true, host: 'rivulet' } as const

const contestants: readonly Contestant[] = [
  { ...rivulet, name: 'rivulet', page: 'rivulet', note: 'worker, connection, first state' },
  { ...rivulet, name: 'rivulet, kept state', page: 'kept', note: 'shown as stale, then live' },
  { ...rivulet, name: 'rivulet, kept state, no host', page: 'kept', note: 'shown as stale', alone: true },
  {
    name: 'colyseus',
    packageName: '@colyseus/sdk',
    ours: false,
    page: 'colyseus',
    host: 'colyseus',
    note: 'joins the room: one request, one connection',
  },
  {
    name: 'fetch of JSON',
    packageName: null,
    ours: false,
    page: 'fetch',
    host: 'json',
    note: 'one request, nothing live',
  },
]

/** Starts the host of a contestant; returns its port and what ends it. */
async function startHost(
  kind: Contestant['host'],
  setting: Setting,
): Promise<{ port: number; close(): Promise<void> }> {
  if (kind === 'json') return startJson(setting)
  const child = startChild(new URL('../fanout/host-process.ts', import.meta.url), [kind])
  try {
    return { port: await child.ask<number>('start', { contestant: kind, setting }), close: () => child.close() }
  } catch (error) {
    await child.close()
    throw error
  }
}

/** A contestant in a browser profile of its own. */
interface Running {
  readonly contestant: Contestant
  readonly samples: number[]
  visit(): Promise<number>
  close(): Promise<void>
}

/** Opens the page and waits for its first value. */
async function visit(
  context: QuietContext,
  url: string,
  slowdown: number,
  then?: (page: QuietPage) => Promise<unknown>,
): Promise<number> {
  const page = await context.newPage()
  try {
    await page.session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    const value = async (): Promise<number> => {
      await page.goto(url)
      await page.waitFor(() => 'firstValue' in globalThis)
      return page.evaluate(() => (globalThis as never as { firstValue(): Promise<number> }).firstValue())
    }
    const ms = await Promise.race([value(), page.failed])
    await then?.(page)
    return ms
  } finally {
    await page.close()
  }
}

/** The next visit has something to show. */
function untilKept(page: QuietPage): Promise<void> {
  return page.evaluate(async () => {
    const itself = globalThis as never as { kept(): Promise<boolean> }
    while (!(await itself.kept())) await new Promise((resolve) => setTimeout(resolve, 50))
  })
}

async function prepare({ newContext, serving }: Stage, contestant: Contestant, setting: Setting): Promise<Running> {
  const host = await startHost(contestant.host, setting)
  const way = await farAway(host.port, DISTANCE_MS)
  const context = await newContext()
  const url = `${serving.url}/?contestant=${contestant.page}&port=${way.port}`
  // Everybody has been here once: the page's own files are in the browser's caches.
  await visit(context, url, 1, contestant.page === 'kept' ? untilKept : undefined)
  if (contestant.alone === true) await Promise.all([way.close(), host.close()])
  return {
    contestant,
    samples: [],
    visit: () => visit(context, url, 4),
    async close() {
      await context.close()
      if (contestant.alone !== true) await Promise.all([way.close(), host.close()])
    },
  }
}

/** From the start of a navigation to the first value in the document, on a page that is opened again. */
export const cold: Benchmark = {
  name: 'cold',
  run: ({ short }: RunOptions) =>
    withStage(new URL('page.ts', import.meta.url), async (stage) => {
      const setting: Setting = { rows: short ? 100 : 1000, viewers: 1, moved: 1, audience: 'whole' }
      const all: Running[] = []
      try {
        for (const contestant of contestants) all.push(await prepare(stage, contestant, setting))
        for (let round = 0; round < (short ? 2 : 15); round++) {
          for (const one of all) one.samples.push(await one.visit())
        }
        const scenario = `first value of ${setting.rows.toLocaleString('en-US')} rows, host ${DISTANCE_MS} ms away, page's thread 4 times slower`
        const figures = all.map(({ contestant: { name, packageName, ours, note }, samples }): Figure => ({
          scenario,
          contestant: name,
          packageName,
          ours,
          note,
          ...summary(samples),
        }))
        return [{ benchmark: 'cold', title: 'cold start, Chromium', unit: 'ms', figures, absent: [] }]
      } finally {
        await Promise.all(all.map((one) => one.close()))
      }
    }),
}
