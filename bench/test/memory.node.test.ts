import { expect, test } from 'vitest'
import { withStage } from '../src/harness/with-page.ts'
import { runHost } from '../src/live/run-host.ts'
import { openApp, type Repeated, type Repeats } from '../src/memory/growth.ts'

/**
 * What each time may leave behind, page and worker together, in bytes. Far below what a leak would leave: a change that is kept is some 300 bytes with its ten
 * rows; a connection that is kept holds a state of 2,000 rows, half a megabyte; a mount that is kept holds ten rows with their listeners, a client its worker.
 */
const LIMITS: readonly (readonly [Repeated, Repeats, number])[] = [
  ['change', { stretches: 5, times: 1503 }, 60],
  ['reconnect', { stretches: 5, times: 3 }, 60_000],
  ['mount', { stretches: 5, times: 15 }, 4000],
  ['client', { stretches: 5, times: 2 }, 100_000],
]

test('a page holds no more after ten thousand changes, after reconnects, after mounts, after clients that were closed', async () => {
  const setting = { rows: 2000, moved: 10 }
  const ids = Array.from({ length: 10 }, (_, i) => `e${i * 200}`)
  await withStage(new URL('../src/live/page.tsx', import.meta.url), async (stage) => {
    const running = await runHost('rivulet', setting)
    try {
      await stage.onPage(async (open) => {
        const opened = await openApp(open, { name: 'rivulet', setting, ids, running })
        for (const [what, repeats, limit] of LIMITS) {
          const { each, heap } = await opened.growth(what, repeats)
          expect(each, `bytes that each ${what} leaves; heap: ${heap.join(', ')}`).toBeLessThan(limit)
        }
      })
    } finally {
      await running.close()
    }
  })
}, 600_000)
