import { type Browser, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { findChromium } from '../../scripts/lib/find-chromium.mjs'
import type { Tab, TabOptions, TabReport } from '../page/tabs.ts'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { type TabWorld, tabWorld } from '../src/tab-world.ts'
import { openRawTabs, type RawTab, type RawTabs } from './support/raw-tabs.ts'

vi.setConfig({ testTimeout: 120_000 })

// Tabs that Chromium really freezes: no task of theirs runs, and what they heard last is the event `freeze`. In tabs.node.test.ts that event is all there is.

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

function on<K extends keyof Tab>(
  tab: RawTab,
  method: K,
  ...args: Parameters<Tab[K]>
): Promise<Awaited<ReturnType<Tab[K]>>> {
  return tab.evaluate(`window.tab.${method}(...${JSON.stringify(args)})`)
}

async function shows(tab: RawTab, expected: Partial<TabReport>): Promise<void> {
  await eventually(async () => expect(await on(tab, 'report')).toMatchObject(expected))
}

/** Opens a tab that follows the title and one row. */
async function openTab(row: string, options: Partial<TabOptions>): Promise<RawTab> {
  const tab = await tabs.open(script.url)
  await eventually(async () => expect(await tab.evaluate('"tab" in window')).toBe(true))
  await on(tab, 'open', { url: world.url, ...options })
  await on(tab, 'follow', 'title')
  await on(tab, 'follow', ['rows', row])
  await shows(tab, { connection: 'connected', paths: { '"title"': ['first', 'live'] } })
  // A clock that stands still while the page is frozen.
  await tab.evaluate(`
    globalThis.ticks = 0
    setInterval(() => void globalThis.ticks++, 10)
    document.addEventListener('freeze', () => void (globalThis.frozen = true))
  `)
  return tab
}

/** Returns what the clock of the tab shows from then on. */
async function freeze(tab: RawTab): Promise<number> {
  await eventually(async () => expect(await tab.evaluate('document.visibilityState')).toBe('hidden'))
  await tab.lifecycle('frozen')
  await eventually(async () => expect(await tab.evaluate('globalThis.frozen')).toBe(true))
  return tab.evaluate('globalThis.ticks')
}

const modes: readonly (readonly [string, Partial<TabOptions>])[] = [
  ['of its own', {}],
  ['on its page', { worker: 'inline' }],
  ['shared', { tabs: 'shared' }],
  ['that one of the tabs leads', { tabs: 'leader' }],
]

describe.each(modes)('an engine %s', (_, options) => {
  test('a tab that was frozen for a while shows what the host has, once it is thawed', async () => {
    world = await tabWorld()
    tabs = await openRawTabs(browser)
    // With a leader, the tab that is frozen leads.
    const first = await openTab('r0', options)
    const second = await openTab('r1', options)
    await second.show()
    const stoodAt = await freeze(first)
    world.ledger.update((draft) => {
      draft.title = 'second'
      draft.rows?.set('r0', 50)
    })
    await shows(second, { connection: 'connected', paths: { '"title"': ['second', 'live'] } })
    expect(await first.evaluate('globalThis.ticks')).toBe(stoodAt)
    await first.lifecycle('active')
    await first.show()
    await shows(first, {
      connection: 'connected',
      paths: { '"title"': ['second', 'live'], '["rows","r0"]': [50, 'live'] },
    })
    expect(await on(first, 'book', 3)).toBe('booked 3')
    world.ledger.update((draft) => void (draft.title = 'third'))
    for (const tab of [first, second]) await shows(tab, { paths: { '"title"': ['third', 'live'] } })
    // Nothing ever went back to "nothing there", and nobody kept a connection of their own besides.
    for (const tab of [first, second]) expect((await on(tab, 'report')).statuses.join()).not.toMatch(/live.*loading/)
    await eventually(() => expect(world.connections()).toBe(options.tabs === undefined ? 2 : 1))
  })
})

describe.each(modes.filter(([, { tabs: how }]) => how !== undefined))('an engine %s', (_, options) => {
  test('a tab that is frozen costs the host nothing: what only it followed is given up', async () => {
    world = await tabWorld()
    tabs = await openRawTabs(browser)
    const first = await openTab('r0', options)
    const second = await openTab('r1', options)
    await second.show()
    await freeze(first)
    await eventually(() => expect(world.keys().join()).not.toContain('r0'))
    await shows(second, { connection: 'connected' })
    expect(world.connections()).toBe(1)
  })
})
