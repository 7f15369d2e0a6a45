import { slope } from '../harness/stats.ts'
import type { QuietPage } from '../harness/quiet-page.ts'
import { callOn, type Stage } from '../harness/with-page.ts'
import type { LiveName } from '../live/contestant.ts'
import { type Setting, xAfter } from '../live/live-host.ts'
import type { RunningHost } from '../live/run-host.ts'
import type { Growth, Repeats } from './growth.ts'
import { sharedWorkerHeap } from './shared-worker-heap.ts'

/** The engine that tabs share. */
export type SharedEngine = Extract<LiveName, 'rivulet, shared worker' | 'rivulet, leader'>

interface Opening {
  readonly name: SharedEngine
  readonly setting: Setting
  readonly ids: readonly string[]
  readonly running: RunningHost
}

/**
 * Opens and closes tabs beside one that stays, all of which share an engine, and looks at the engine's heap between stretches: of the shared worker, or of the leading page with its worker. The first two stretches are
 * left out.
 */
export async function growthPerTab(
  { browser, serving, newContext }: Stage,
  { name, setting, ids, running }: Opening,
  { stretches, times }: Repeats,
): Promise<Growth> {
  const xs = xAfter(setting, 0)
  const values = Object.fromEntries(ids.map((id) => [id, xs.get(id) ?? NaN]))
  // One profile, as of one user.
  const context = await newContext()
  try {
    const openTab = async (): Promise<QuietPage> => {
      const page = await context.newPage()
      await page.goto(serving.url)
      await callOn(page, 'startApp', { name, url: running.url, ids })
      await callOn(page, 'untilRows', values)
      return page
    }
    const keeper = await openTab()
    const heapBytes = (): Promise<number> =>
      name === 'rivulet, leader' ? callOn(keeper, 'heapBytes', null) : sharedWorkerHeap(browser)
    const heap: number[] = []
    for (let stretch = 0; stretch < stretches + 2; stretch++) {
      const tabs = await Promise.all(Array.from({ length: times }, openTab))
      await Promise.all(tabs.map((tab) => tab.close()))
      // A change reaches the one that is left, so the engine has dealt with what came before it.
      await callOn(keeper, 'untilRows', values)
      const bytes = await heapBytes()
      if (stretch >= 2) heap.push(bytes)
    }
    return {
      heap,
      each: slope(
        heap.map((_, i) => i * times),
        heap,
      ),
    }
  } finally {
    await context.close()
  }
}
