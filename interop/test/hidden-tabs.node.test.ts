import { type Browser, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { findChromium } from '../../scripts/lib/find-chromium.mjs'
import type { Tab, TabOptions, TabReport } from '../page/tabs.ts'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { type TabWorld, tabWorld } from '../src/tab-world.ts'
import { openRawTabs, type RawTab, type RawTabs } from './support/raw-tabs.ts'

vi.setConfig({ testTimeout: 120_000 })

// Tabs that Chromium really hides, because another one is before them in their window. In busy-page.browser.test.ts of the client a page only says that it is hidden.

const STREAM_MS = 3_000
const PATHS = 2

let browser: Browser
let script: BuiltScript
let world: TabWorld
let tabs: RawTabs

beforeAll(async () => {
  const executablePath = findChromium()
  browser = await chromium.launch(executablePath === undefined ? {} : { executablePath })
  script = await serveScript(new URL('../page/tabs.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

afterEach(async () => {
  await tabs?.close()
  await world?.close()
})

const report = (tab: RawTab): Promise<TabReport> => tab.evaluate('window.tab.report()')

async function shows(tab: RawTab, title: string): Promise<void> {
  await eventually(async () =>
    expect(await report(tab)).toMatchObject({ paths: { '"title"': [title, 'live'], '"rows"': [{ r0: 0 }, 'live'] } }),
  )
}

/** Opens a tab that follows the title and the rows. */
async function openTab(options: Partial<TabOptions>): Promise<RawTab> {
  const tab = await tabs.open(script.url)
  await eventually(async () => expect(await tab.evaluate('"tab" in window')).toBe(true))
  const call = <K extends keyof Tab>(method: K, ...args: Parameters<Tab[K]>): Promise<unknown> =>
    tab.evaluate(`window.tab.${method}(...${JSON.stringify(args)})`)
  await call('open', { url: world.url, ...options })
  await call('follow', 'title')
  await call('follow', 'rows')
  await shows(tab, 'first')
  return tab
}

/** Changes the title and a row sixty times a second; resolves to the last title and to how long it took. */
async function stream(): Promise<{ readonly title: string; readonly ms: number }> {
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

const modes: readonly (readonly [string, Partial<TabOptions>])[] = [
  ['of its own', {}],
  ['on its page', { worker: 'inline' }],
  ['shared', { tabs: 'shared' }],
  ['that one of the tabs leads', { tabs: 'leader' }],
]

describe.each(modes)('an engine %s', (_, options) => {
  test('a tab behind another hears of a fast stream once a second, the other one all the while; shown, it catches up with one patch', async () => {
    world = await tabWorld()
    tabs = await openRawTabs(browser)
    // With a leader, the tab that is hidden leads.
    const behind = await openTab(options)
    const before = await openTab(options)
    await before.show()
    await eventually(async () => expect(await behind.evaluate('document.visibilityState')).toBe('hidden'))
    const heard = async (tab: RawTab): Promise<number> => (await report(tab)).notified
    const [hiddenAtFirst, shownAtFirst] = [await heard(behind), await heard(before)]

    const { title, ms } = await stream()
    await shows(before, title)
    const shown = (await heard(before)) - shownAtFirst
    const hidden = (await heard(behind)) - hiddenAtFirst
    // One patch at once, then one a second; a few more where the engine had to wait for a core and took that for a long queue.
    expect(hidden).toBeLessThanOrEqual(PATHS * (4 + Math.ceil(ms / 1000)))
    expect(hidden).toBeGreaterThan(0)
    expect(shown).toBeGreaterThan(2 * hidden)

    const late = await heard(behind)
    await behind.show()
    await shows(behind, title)
    expect((await heard(behind)) - late).toBeLessThanOrEqual(PATHS)
    expect((await report(behind)).errors).toEqual([])
    expect(world.connections()).toBe(options.tabs === undefined ? 2 : 1)
  })
})
