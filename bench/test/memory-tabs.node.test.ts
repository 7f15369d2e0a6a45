import { expect, test } from 'vitest'
import { withStage } from '../src/harness/with-page.ts'
import { runHost } from '../src/live/run-host.ts'
import { growthPerTab, type SharedEngine } from '../src/memory/tab-growth.ts'

/** What each tab may leave behind in the engine, bytes. A state that is kept for it would be half a megabyte, its place with ten paths and what waits for it some tens of kilobytes. What is left is code that gets compiled: a comparison of two heap snapshots shows no object for each tab. */
const LIMIT = 10_000

test.each<SharedEngine>(['rivulet, shared worker', 'rivulet, leader'])(
  'an engine that tabs share holds no more after tabs that came and went: %s',
  async (name) => {
    const setting = { rows: 2000, moved: 10 }
    const ids = Array.from({ length: 10 }, (_, i) => `e${i * 200}`)
    await withStage(new URL('../src/live/page.tsx', import.meta.url), async (stage) => {
      const running = await runHost('rivulet', setting)
      try {
        const { each, heap } = await growthPerTab(stage, { name, setting, ids, running }, { stretches: 5, times: 3 })
        expect(each, `bytes that each tab leaves; heap: ${heap.join(', ')}`).toBeLessThan(LIMIT)
      } finally {
        await running.close()
      }
    })
  },
  300_000,
)
