import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import type { TabWorld } from '../src/tab-world.ts'
import type { RawTab } from './support/raw-tabs.ts'
import { engines, onTab, rawTabsRig, shows } from './support/raw-tabs-rig.ts'

vi.setConfig({ testTimeout: 120_000 })

// Tabs that Chromium really hides, because another one is before them in their window. In busy-page.browser.test.ts of the client a page only says that it is hidden.

const STREAM_MS = 3_000
const FOLLOWED = ['title', 'rows'] as const

const begin = rawTabsRig()

/** Changes the title and a row sixty times a second; resolves to the last title and to how long it took. */
async function stream(world: TabWorld): Promise<{ readonly title: string; readonly ms: number }> {
  const began = performance.now()
  for (let i = 0; ; i++) {
    const title = `title ${i}`
    world.ledger.update((draft) => {
      draft.title = title
      draft.rows?.set('r9', i)
    })
    await new Promise((resolve) => setTimeout(resolve, 1000 / 60))
    const ms = performance.now() - began
    if (ms > STREAM_MS) return { title, ms }
  }
}

describe.each(engines)('an engine %s', (_, options) => {
  test('a tab behind another hears of a fast stream once a second, the other one all the while; shown, it catches up with one patch', async () => {
    const rig = await begin()
    const { world } = rig
    // With a leader, the tab that is hidden leads.
    const behind = await rig.openTab(options, FOLLOWED)
    const before = await rig.openTab(options, FOLLOWED)
    await before.show()
    await eventually(async () => expect(await behind.evaluate('document.visibilityState')).toBe('hidden'))
    const heard = async (tab: RawTab): Promise<number> => (await onTab(tab, 'report')).notified
    const [hiddenAtFirst, shownAtFirst] = [await heard(behind), await heard(before)]

    const { title, ms } = await stream(world)
    await shows(before, { paths: { '"title"': [title, 'live'] } })
    const shown = (await heard(before)) - shownAtFirst
    const hidden = (await heard(behind)) - hiddenAtFirst
    // One patch at once, then one a second; a few more where the engine had to wait for a core and took that for a long queue.
    expect(hidden).toBeLessThanOrEqual(FOLLOWED.length * (4 + Math.ceil(ms / 1000)))
    expect(hidden).toBeGreaterThan(0)
    expect(shown).toBeGreaterThan(2 * hidden)

    const late = await heard(behind)
    await behind.show()
    await shows(behind, { paths: { '"title"': [title, 'live'] } })
    expect((await heard(behind)) - late).toBeLessThanOrEqual(FOLLOWED.length)
    expect((await onTab(behind, 'report')).errors).toEqual([])
    expect(world.connections()).toBe(options.tabs === undefined ? 2 : 1)
  })
})
