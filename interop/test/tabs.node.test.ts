import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import type { Tab, TabOptions, TabReport } from '../page/tabs.ts'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { type TabWorld, tabWorld } from '../src/tab-world.ts'

vi.setConfig({ testTimeout: 120_000 })

// Several tabs of one browser on the real host: who holds the connection, what each tab gets, and what happens when one of them ends.

let browser: Browser
let script: BuiltScript
let world: TabWorld
let context: BrowserContext

beforeAll(async () => {
  browser = await launchChromium({
    // Playwright turns it off, users have it.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  script = await serveScript(new URL('../page/tabs.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

afterEach(async () => {
  await context?.close()
  await world?.close()
})

type Sharing = NonNullable<TabOptions['tabs']>

async function begin(options?: Parameters<typeof tabWorld>[0]): Promise<void> {
  world = await tabWorld(options)
  context = await browser.newContext()
}

/** A method of the page's {@link Tab}, called from here. */
function on<K extends keyof Tab>(
  page: Page,
  method: K,
  ...args: Parameters<Tab[K]>
): Promise<Awaited<ReturnType<Tab[K]>>> {
  return page.evaluate(
    ([name, list]) =>
      (window.tab as never as Record<string, (...args: unknown[]) => unknown>)[name as string]?.(
        ...(list as unknown[]),
      ),
    [method, args] as const,
  ) as Promise<Awaited<ReturnType<Tab[K]>>>
}

async function openTab(tabs: Sharing, more: Partial<TabOptions> = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(script.url)
  await page.waitForFunction(() => 'tab' in window)
  await on(page, 'open', { url: world.url, tabs, ...more })
  return page
}

async function shows(page: Page, expected: Partial<TabReport>): Promise<void> {
  await eventually(async () => expect(await on(page, 'report')).toMatchObject(expected))
}

/** Tabs that follow the title and a row of their own each. */
async function openTabs(count: number, tabs: Sharing, more?: Partial<TabOptions>): Promise<Page[]> {
  const pages: Page[] = []
  for (let i = 0; i < count; i++) {
    const page = await openTab(tabs, more)
    await on(page, 'follow', 'title')
    await on(page, 'follow', ['rows', `r${i}`])
    await shows(page, {
      connection: 'connected',
      paths: { '"title"': ['first', 'live'], [`["rows","r${i}"]`]: [i, 'live'] },
    })
    pages.push(page)
  }
  return pages
}

const modes = { shared: ['shared-worker', 'shared-worker'], leader: ['leader', 'follower'] } as const

describe.each(['shared', 'leader'] as const)('tabs: %s', (tabs) => {
  test('five tabs have one connection, and each gets its own paths, calls and events', async () => {
    await begin()
    const pages = await openTabs(5, tabs)
    const [first, ...others] = pages as [Page, ...Page[]]
    expect((await on(first, 'report')).mode).toBe(modes[tabs][0])
    for (const page of others) expect((await on(page, 'report')).mode).toBe(modes[tabs][1])
    expect([world.connections(), world.accepted]).toEqual([1, 1])
    for (const page of pages.slice(1)) await on(page, 'listen')
    expect(await Promise.all(pages.map((page, i) => on(page, 'book', 10 + i)))).toEqual(
      pages.map((_, i) => `booked ${10 + i}`),
    )
    expect(world.booked.toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13, 14])
    const before = await Promise.all(pages.map(async (page) => (await on(page, 'report')).notified))
    world.ledger.update((draft) => void draft.rows?.set('r3', 33))
    // A keyed event is heard once its subscription has reached the host.
    await eventually(async () => {
      world.bell(7)
      expect((await on(pages[4] as Page, 'report')).bells).toContain(7)
    })
    world.tick(1)
    await shows(pages[3] as Page, { paths: { '["rows","r3"]': [33, 'live'] }, ticks: [1] })
    for (const page of pages.slice(1)) await shows(page, { ticks: [1], errors: [] })
    const after = await Promise.all(pages.map(async (page) => (await on(page, 'report')).notified))
    expect(after.map((n, i) => n - (before[i] ?? 0))).toEqual([0, 0, 0, 1, 0])
    expect(await on(first, 'report')).toMatchObject({ ticks: [], bells: [] })
    expect([world.connections(), world.accepted]).toEqual([1, 1])
  })

  test('five tabs that follow the same cost the bytes of one', async () => {
    const cost = async (count: number): Promise<number> => {
      await begin()
      const pages: Page[] = []
      for (let i = 0; i < count; i++) {
        const page = await openTab(tabs)
        await on(page, 'follow', ['rows', 'r1'])
        await shows(page, { paths: { '["rows","r1"]': [1, 'live'] } })
        pages.push(page)
      }
      const start = world.bytes()
      for (let n = 100; n < 200; n++) world.ledger.update((draft) => void draft.rows?.set('r1', n))
      for (const page of pages) await shows(page, { paths: { '["rows","r1"]': [199, 'live'] } })
      const bytes = world.bytes() - start
      await context.close()
      await world.close()
      return bytes
    }
    const one = await cost(1)
    const five = await cost(5)
    // A heartbeat or two of a few bytes may fall into the longer run.
    expect(one).toBeGreaterThan(1000)
    expect(five).toBeLessThan(one * 1.1)
  })

  test('a tab that is closed, without a chance to say so, takes its watches with it and nothing else', async () => {
    await begin()
    const pages = await openTabs(4, tabs)
    await eventually(() => expect(world.keys()).toHaveLength(5))
    await pages[2]?.close({ runBeforeUnload: false })
    await eventually(() => expect(world.keys().join()).not.toContain('r2'))
    expect(world.keys()).toHaveLength(4)
    await pages[1]?.goto('about:blank')
    await eventually(() => expect(world.keys()).toHaveLength(3))
    world.ledger.update((draft) => void draft.rows?.set('r3', 34))
    await shows(pages[3] as Page, { paths: { '["rows","r3"]': [34, 'live'] }, errors: [] })
    expect([world.connections(), world.accepted]).toEqual([1, 1])
  })

  test('a tab whose process crashes takes its watches with it', async () => {
    await begin()
    const pages = await openTabs(3, tabs)
    await eventually(() => expect(world.keys()).toHaveLength(4))
    await crash(pages[2] as Page)
    await eventually(() => expect(world.keys()).toHaveLength(3))
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of pages.slice(0, 2)) await shows(page, { paths: { '"title"': ['second', 'live'] } })
    expect(world.connections()).toBe(1)
  })

  test('the tab that came first crashes: the others keep what they show, and follow on over one connection', async () => {
    await begin()
    const [first, ...others] = await openTabs(4, tabs)
    await crash(first as Page)
    await eventually(() => expect(world.keys().join()).not.toContain('r0'))
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of others) {
      await shows(page, { connection: 'connected', paths: { '"title"': ['second', 'live'] } })
      expect(await on(page, 'book', 1)).toBe('booked 1')
      // What is on screen never goes back to "nothing there".
      const title = (await on(page, 'report')).statuses.filter((status) => status.startsWith('"title"'))
      expect(title.join()).not.toMatch(/live.*loading/)
    }
    await eventually(() => expect(world.connections()).toBe(1))
    expect(world.keys()).toHaveLength(4)
  })

  test('a tab that hangs up, and one that ends its client, leave the others alone; a call meanwhile fails or waits', async () => {
    await begin()
    const [first, second, third] = (await openTabs(3, tabs)) as [Page, Page, Page]
    await on(second, 'disconnect')
    await shows(second, { connection: 'disconnected', paths: { '"title"': ['first', 'stale'] } })
    await on(third, 'dispose')
    await eventually(() => expect(world.keys()).toHaveLength(2))
    world.ledger.update((draft) => void (draft.title = 'second'))
    await shows(first, { paths: { '"title"': ['second', 'live'] } })
    expect((await on(second, 'report')).paths['"title"']).toEqual(['first', 'stale'])
    const booking = on(second, 'book', 5)
    await on(second, 'connect')
    await shows(second, { connection: 'connected', paths: { '"title"': ['second', 'live'] } })
    expect(await booking).toBe('booked 5')
    expect([world.connections(), world.accepted]).toEqual([1, 1])
  })

  test('a frozen tab leaves, and is told everything again when it is thawed', async () => {
    await begin()
    const [first, second] = (await openTabs(2, tabs)) as [Page, Page]
    // Only the event: each page of Playwright counts as visible, and is frozen by nobody. Tabs that are really frozen: frozen-tabs.node.test.ts.
    await second.evaluate(() => void document.dispatchEvent(new Event('freeze')))
    await eventually(() => expect(world.keys().join()).not.toContain('r1'))
    world.ledger.update((draft) => void (draft.title = 'second'))
    await shows(first, { paths: { '"title"': ['second', 'live'] } })
    expect((await on(second, 'report')).paths['"title"']).toEqual(['first', 'stale'])
    await second.evaluate(() => void document.dispatchEvent(new Event('resume')))
    await shows(second, {
      connection: 'connected',
      paths: { '"title"': ['second', 'live'], '["rows","r1"]': [1, 'live'] },
    })
    expect([world.connections(), world.accepted]).toEqual([1, 1])
  })

  test('a tab that goes to another page leaves, and is there again when the user comes back', async () => {
    await begin()
    const [first, second] = (await openTabs(2, tabs)) as [Page, Page]
    await second.evaluate(() => {
      Object.assign(window, { stayed: true })
    })
    await second.goto(`${script.url}?elsewhere`)
    await eventually(() => expect(world.keys().join()).not.toContain('r1'))
    world.ledger.update((draft) => void (draft.title = 'second'))
    // A page that was kept loads nothing.
    await second.goBack({ waitUntil: 'commit' })
    await eventually(async () => expect(await second.evaluate(() => 'stayed' in window)).toBe(true))
    for (const page of [first, second])
      await shows(page, { connection: 'connected', paths: { '"title"': ['second', 'live'] } })
    expect([world.connections(), world.accepted]).toEqual([1, 1])
  })

  test('who is logged in as somebody else, or has other options, has a connection of its own', async () => {
    await begin({ login: true })
    const ann = await openTabs(2, tabs, { login: 'fine', identity: 'ann' })
    const bob = await openTabs(1, tabs, { login: 'fine', identity: 'bob' })
    expect([world.connections(), world.accepted]).toEqual([2, 2])
    const logins = await Promise.all([...ann, ...bob].map(async (page) => (await on(page, 'report')).logins))
    expect(logins).toEqual([1, 0, 1])
  })

  test('a tab ends in the middle of its login: another one logs in', async () => {
    await begin({ login: true })
    const first = await openTab(tabs, { login: 'hang', identity: 'ann' })
    await shows(first, { logins: 1, connection: 'authenticating' })
    const second = await openTab(tabs, { login: 'fine', identity: 'ann' })
    await on(second, 'follow', 'title')
    await first.close()
    await shows(second, { connection: 'connected', paths: { '"title"': ['first', 'live'] } })
    expect((await on(second, 'report')).logins).toBe(1)
  })

  test('another build with another schema gets an engine of its own, and says so', async () => {
    await begin()
    const [first] = (await openTabs(1, tabs)) as [Page]
    const later = await openTab(tabs, { otherSchema: true })
    await on(later, 'follow', 'title')
    await shows(later, { connection: 'connected', paths: { '"title"': ['first', 'live'] } })
    expect((await on(later, 'report')).errors.join()).toContain('another tab uses another definition')
    await eventually(() => expect(world.connections()).toBe(2))
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of [first, later]) await shows(page, { paths: { '"title"': ['second', 'live'] } })
  })

  test('the host cuts the connection: every tab comes back over one, values stay', async () => {
    await begin({ sessions: { identify: () => ({ ownerID: 'ann', scopeID: 'test' }) } })
    const pages = await openTabs(3, tabs, { sessions: true })
    world.cut()
    await eventually(() => expect(world.accepted).toBe(2))
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of pages) {
      await shows(page, { connection: 'connected', paths: { '"title"': ['second', 'live'] }, errors: [] })
    }
    expect([world.connections(), world.accepted]).toEqual([1, 2])
  })

  test('a hundred tabs that are opened and killed leave nothing', async () => {
    await begin()
    const [first] = (await openTabs(1, tabs)) as [Page]
    const holder = await context.newPage()
    await holder.goto(script.url)
    for (let round = 0; round < 5; round++) {
      await holder.evaluate(
        async ([url, how]) => {
          const frames = Array.from({ length: 20 }, () => document.body.appendChild(document.createElement('iframe')))
          await Promise.all(
            frames.map(async (frame, i) => {
              frame.src = location.href
              await new Promise((loaded) => frame.addEventListener('load', loaded, { once: true }))
              const { tab } = frame.contentWindow as Window
              tab.open({ url, tabs: how })
              tab.follow(['rows', `r${i % 10}`])
            }),
          )
          while (!frames.every((f) => Object.values((f.contentWindow as Window).tab.report().paths)[0]?.[1] === 'live'))
            await new Promise((soon) => setTimeout(soon, 50))
          for (const frame of frames) frame.remove()
        },
        [world.url, tabs] as const,
      )
    }
    await eventually(() => expect(world.keys()).toEqual(['Rows%&r0', 'Title']))
    expect([world.connections(), world.accepted]).toEqual([1, 1])
    await shows(first, { connection: 'connected', errors: [] })
  })
})

/** Kills the process of a page. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  // The navigation never ends.
  page.goto('chrome://crash').catch(() => undefined)
  await crashed
}

describe('a tab with an engine of its own goes to another page, and the user comes back', () => {
  test.each([{}, { worker: 'inline' }] as const)('%j', async (options) => {
    await begin()
    const [tab] = (await openTabs(1, 'own', options)) as [Page]
    await tab.evaluate(() => {
      Object.assign(window, { stayed: true })
    })
    await tab.goto(`${script.url}?elsewhere`)
    world.ledger.update((draft) => void (draft.title = 'second'))
    await tab.goBack({ waitUntil: 'commit' })
    // Chromium keeps such a page and closes its WebSocket, in the worker or on the page.
    await eventually(async () => expect(await tab.evaluate(() => 'stayed' in window)).toBe(true))
    await shows(tab, { connection: 'connected', errors: [], paths: { '"title"': ['second', 'live'] } })
    expect((await on(tab, 'report')).statuses.join()).not.toMatch(/live.*loading/)
    expect(await on(tab, 'book', 6)).toBe('booked 6')
    await eventually(() => expect([world.connections(), world.accepted]).toEqual([1, 2]))
  })
})

describe('where a SharedWorker cannot be had', () => {
  const withoutSharedWorker = async (): Promise<void> => {
    await begin()
    await context.addInitScript(() => void Reflect.deleteProperty(globalThis, 'SharedWorker'))
  }

  test("'auto': one of the tabs leads", async () => {
    await withoutSharedWorker()
    const pages = await openTabs(2, 'auto')
    const reports = await Promise.all(pages.map((page) => on(page, 'report')))
    expect(reports.map(({ mode }) => mode)).toEqual(['leader', 'follower'])
    expect(world.accepted).toBe(1)
  })

  test("'shared': each tab has an engine of its own, and says why", async () => {
    await withoutSharedWorker()
    const pages = await openTabs(2, 'shared')
    const reports = await Promise.all(pages.map((page) => on(page, 'report')))
    expect(reports.map(({ mode }) => mode)).toEqual(['worker', 'worker'])
    expect(reports[0]?.errors.join()).toContain('this browser has no SharedWorker')
    expect(world.accepted).toBe(2)
  })

  test('a worker file that is missing: one of the tabs leads, with a worker from a Blob', async () => {
    await begin()
    await context.route(/worker-.*\.js/, (route) => route.fulfill({ status: 404 }))
    const pages = await openTabs(2, 'auto')
    const reports = await Promise.all(pages.map((page) => on(page, 'report')))
    expect(reports.map(({ mode }) => mode)).toEqual(['leader', 'follower'])
    expect(reports[0]?.errors.join()).toContain('could not be loaded')
    expect(world.accepted).toBe(1)
  })

  test('a leader that does not react for long is followed by another tab, and follows when it is back', async () => {
    await begin()
    // The engine shares its thread with the page here, so that it can be stopped.
    const pages = (await openTabs(3, 'leader', { worker: 'inline' })) as [Page, Page, Page]
    const [leader, ...others] = pages
    await leader.evaluate(() => {
      setTimeout(() => {
        const until = performance.now() + 25_000
        while (performance.now() < until);
      })
    })
    const patiently = { timeout: 40_000, interval: 200 }
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of others) {
      await vi.waitFor(async () => {
        const { paths, connection } = await on(page, 'report')
        expect([connection, paths['"title"']]).toEqual(['connected', ['second', 'live']])
      }, patiently)
    }
    await vi.waitFor(async () => {
      const { paths, connection } = await on(leader, 'report')
      expect([connection, paths['"title"']]).toEqual(['connected', ['second', 'live']])
    }, patiently)
    await vi.waitFor(() => expect(world.connections()).toBe(1), patiently)
    world.ledger.update((draft) => void (draft.title = 'third'))
    for (const page of pages) await shows(page, { paths: { '"title"': ['third', 'live'] } })
  })

  test('the leader may run the engine on its page', async () => {
    await begin()
    const pages = await openTabs(3, 'leader', { worker: 'inline' })
    await pages[0]?.close()
    world.ledger.update((draft) => void (draft.title = 'second'))
    for (const page of pages.slice(1)) await shows(page, { paths: { '"title"': ['second', 'live'] }, errors: [] })
    await eventually(() => expect(world.connections()).toBe(1))
  })
})
