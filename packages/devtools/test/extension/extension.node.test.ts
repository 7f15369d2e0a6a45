import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ExtensionRig, startExtension } from '../support/extension.ts'

vi.setConfig({ testTimeout: 60_000 })

// The built extension in Chromium: its service worker, its scripts in pages, real ports. Only the panel is in a tab instead of the browser's tools.
let rig: ExtensionRig
const opened: Page[] = []

beforeAll(async () => {
  rig = await startExtension()
}, 120_000)

afterAll(() => rig?.close())

afterEach(async () => {
  for (const page of opened.splice(0)) await page.close()
})

async function open(path: string): Promise<Page> {
  const page = await rig.openPage(path)
  opened.push(page)
  return page
}

async function panelFor(page: Page): Promise<Page> {
  const panel = await rig.openPanel(await rig.tabOf(page))
  opened.push(panel)
  return panel
}

const textOf = (panel: Page): Promise<string> =>
  panel.locator('rivulet-devtools').evaluate((element) => element.shadowRoot?.textContent ?? '')

const note = (panel: Page): Promise<string | null> => panel.locator('#note').textContent()

/** Until the panel shows `text`; the whole of what it shows then. */
async function shows(panel: Page, text: string): Promise<string> {
  await expect.poll(() => textOf(panel), { timeout: 30_000 }).toContain(text)
  return textOf(panel)
}

/** Whether the agent's script is in the page's own world. */
const hasAgent = (page: Page): Promise<boolean> =>
  page.evaluate(() => Symbol.for('rivulet.devtools.extension') in globalThis)

const addClient = (page: Page, url: string): Promise<void> =>
  page.evaluate((to) => (globalThis as unknown as { addClient(url: string): void }).addClient(to), url)

describe('a panel', () => {
  test('sees the clients of its page, which was there before and allows no script', async () => {
    const page = await open('/before')
    const panel = await panelFor(page)
    await shows(panel, 'client-of-before')
    expect(await note(panel)).toBe('')
  })

  test('and clients that are made later', async () => {
    const page = await open('/later')
    const panel = await panelFor(page)
    await shows(panel, 'client-of-later')
    await addClient(page, 'https://added.test')
    expect(await shows(panel, 'added.test')).toContain('client-of-later')
  })

  test('puts its agent into its own page, when it is opened and not before', async () => {
    const [page, other] = [await open('/mine'), await open('/other')]
    expect([await hasAgent(page), await hasAgent(other)]).toEqual([false, false])
    await shows(await panelFor(page), 'client-of-mine')
    expect([await hasAgent(page), await hasAgent(other)]).toEqual([true, false])
  })

  test('comes back after its page was loaded again, and after it was left for another', async () => {
    const page = await open('/first')
    const panel = await panelFor(page)
    await shows(panel, 'client-of-first')

    await page.reload()
    await addClient(page, 'https://after-reload.test')
    await shows(panel, 'after-reload.test')

    await page.goto(`${rig.site}/second`)
    await shows(panel, 'client-of-second')
    expect(await textOf(panel)).not.toContain('client-of-first')

    // Another origin, and with it another process.
    await page.goto(`${rig.site.replace('127.0.0.1', 'localhost')}/elsewhere`)
    await shows(panel, 'client-of-elsewhere')
    await page.goBack()
    await shows(panel, 'client-of-second')
  })

  test('says that a page cannot be looked into, and looks into the next one', async () => {
    const page = await open('/any')
    await page.goto('chrome://version')
    const panel = await panelFor(page)
    await expect.poll(() => note(panel), { timeout: 30_000 }).toContain('Waiting for a page that can be looked into')
    await page.goto(`${rig.site}/allowed`)
    await shows(panel, 'client-of-allowed')
    expect(await note(panel)).toBe('')
  })

  test('waits when its page is closed', async () => {
    const page = await rig.openPage('/short')
    const panel = await panelFor(page)
    await shows(panel, 'client-of-short')
    await page.close()
    await expect.poll(() => note(panel), { timeout: 30_000 }).toContain('Waiting')
  })
})

describe('several', () => {
  test('each panel sees its own page', async () => {
    const [a, b] = [await open('/left'), await open('/right')]
    const [left, right] = [await panelFor(a), await panelFor(b)]
    await shows(left, 'client-of-left')
    await shows(right, 'client-of-right')
    await addClient(b, 'https://only-right.test')
    await shows(right, 'only-right.test')
    expect(await textOf(left)).not.toContain('right')
  })

  test('two panels see one page, and one goes on without the other', async () => {
    const page = await open('/shared')
    const [one, two] = [await panelFor(page), await panelFor(page)]
    await shows(one, 'client-of-shared')
    await shows(two, 'client-of-shared')
    await one.close()
    await addClient(page, 'https://afterwards.test')
    expect(await shows(two, 'afterwards.test')).toContain('client-of-shared')
  })
})

test('panels outlive the service worker', async () => {
  const page = await open('/long')
  const panel = await panelFor(page)
  await shows(panel, 'client-of-long')
  const worker = await rig.worker()
  const before = await worker.evaluate(() => performance.timeOrigin)

  // As the browser ends one that has had nothing to do; the panel's reconnecting starts it again.
  const session = await rig.context.newCDPSession(panel)
  const version = new Promise<string>((known) => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions: [first] }) => first && known(first.versionId))
  })
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopWorker', { versionId: await version })
  await expect.poll(() => worker.evaluate(() => performance.timeOrigin), { timeout: 30_000 }).toBeGreaterThan(before)

  await addClient(page, 'https://after-restart.test')
  await shows(panel, 'after-restart.test')
  expect(await note(panel)).toBe('')
})

test('a page of the web cannot speak with the extension', async () => {
  const page = await open('/stranger')
  expect(await page.evaluate(() => typeof (globalThis as { chrome?: { runtime?: unknown } }).chrome?.runtime)).toBe(
    'undefined',
  )
})
