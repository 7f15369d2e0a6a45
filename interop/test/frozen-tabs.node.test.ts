import { describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import type { TabOptions } from '../page/tabs.ts'
import type { RawTab } from './support/raw-tabs.ts'
import { engines, onTab, type RawTabsRig, rawTabsRig, shows } from './support/raw-tabs-rig.ts'

vi.setConfig({ testTimeout: 120_000 })

// Tabs that Chromium really freezes: no task of theirs runs, and what they heard last is the event `freeze`. In tabs.node.test.ts that event is all there is.

const begin = rawTabsRig()

/** Opens a tab that follows the title and one row. */
async function openTab(rig: RawTabsRig, row: string, options: Partial<TabOptions>): Promise<RawTab> {
  const tab = await rig.openTab(options, ['title', ['rows', row]])
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

describe.each(engines)('an engine %s', (_, options) => {
  test('a tab that was frozen for a while shows what the host has, once it is thawed', async () => {
    const rig = await begin()
    const { world } = rig
    // With a leader, the tab that is frozen leads.
    const first = await openTab(rig, 'r0', options)
    const second = await openTab(rig, 'r1', options)
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
    expect(await onTab(first, 'book', 3)).toBe('booked 3')
    world.ledger.update((draft) => void (draft.title = 'third'))
    for (const tab of [first, second]) await shows(tab, { paths: { '"title"': ['third', 'live'] } })
    // Nothing ever went back to "nothing there", and nobody kept a connection of their own besides.
    for (const tab of [first, second]) expect((await onTab(tab, 'report')).statuses.join()).not.toMatch(/live.*loading/)
    await eventually(() => expect(world.connections()).toBe(options.tabs === undefined ? 2 : 1))
  })
})

describe.each(engines.filter(([, { tabs: how }]) => how !== undefined))('an engine %s', (_, options) => {
  test('a tab that is frozen costs the host nothing: what only it followed is given up', async () => {
    const rig = await begin()
    const { world } = rig
    const first = await openTab(rig, 'r0', options)
    const second = await openTab(rig, 'r1', options)
    await second.show()
    await freeze(first)
    await eventually(() => expect(world.keys().join()).not.toContain('r0'))
    await shows(second, { connection: 'connected' })
    expect(world.connections()).toBe(1)
  })
})
