import type { Browser } from 'playwright'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { eventually } from '../../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../../scripts/lib/launch-chromium.mjs'
import type { Tab, TabOptions, TabReport } from '../../page/tabs.ts'
import { type BuiltScript, serveScript } from '../../src/built-script.ts'
import { type TabWorld, tabWorld } from '../../src/tab-world.ts'
import { openRawTabs, type RawTab, type RawTabs } from './raw-tabs.ts'

/** A host, and tabs of one window that follow it. */
export interface RawTabsRig {
  readonly world: TabWorld
  /** Opens a tab whose client connects, and follows what `follow` names. Resolves when all of it is live. */
  openTab(options: Partial<TabOptions>, follow: readonly Parameters<Tab['follow']>[0][]): Promise<RawTab>
}

/** Where the engine of a tab can be. */
export const engines: readonly (readonly [string, Partial<TabOptions>])[] = [
  ['of its own', {}],
  ['on its page', { worker: 'inline' }],
  ['shared', { tabs: 'shared' }],
  ['that one of the tabs leads', { tabs: 'leader' }],
]

/** For the tests of a file: one Chromium and one page for all of them, a host and a window for each, which the function returned opens. All of it is closed again. */
export function rawTabsRig(): () => Promise<RawTabsRig> {
  let browser: Browser
  let script: BuiltScript
  let world: TabWorld
  let tabs: RawTabs

  beforeAll(async () => {
    browser = await launchChromium()
    script = await serveScript(new URL('../../page/tabs.ts', import.meta.url))
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await script?.close()
  })

  afterEach(async () => {
    await tabs?.close()
    await world?.close()
  })

  return async () => {
    world = await tabWorld()
    tabs = await openRawTabs(browser)
    return {
      world,
      async openTab(options, follow) {
        const tab = await tabs.open(script.url)
        await eventually(async () => expect(await tab.evaluate('"tab" in window')).toBe(true))
        await onTab(tab, 'open', { url: world.url, ...options })
        for (const path of follow) await onTab(tab, 'follow', path)
        const paths = follow.map((path) => [JSON.stringify(path), [expect.anything(), 'live']])
        await shows(tab, { connection: 'connected', paths: Object.fromEntries(paths) })
        return tab
      },
    }
  }
}

/** A method of the page's {@link Tab}, called from here. */
export function onTab<K extends keyof Tab>(
  tab: RawTab,
  method: K,
  ...args: Parameters<Tab[K]>
): Promise<Awaited<ReturnType<Tab[K]>>> {
  return tab.evaluate(`window.tab.${method}(...${JSON.stringify(args)})`)
}

/** Waits until the tab reports this. */
export async function shows(tab: RawTab, expected: Partial<TabReport>): Promise<void> {
  await eventually(async () => expect(await onTab(tab, 'report')).toMatchObject(expected))
}
