import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import type { Browser, BrowserContext, Page } from 'playwright'
import { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { type AccountStoreState, AccountStore } from '../src/generated/schema.ts'
import { freshAccount } from '../src/fresh-account.ts'

vi.setConfig({ testTimeout: 60_000 })

// A React page with its worker and its database in real Chromium, and a host that comes and goes.

interface Up {
  readonly http: HttpServer
  readonly io: Server
  readonly host: Host
}

let browser: Browser
let script: BuiltScript
let context: BrowserContext
let ledger: Store<AccountStoreState>
let port = 0
let up: Up | undefined

beforeAll(async () => {
  browser = await launchChromium()
  script = await serveScript(new URL('../page/offline.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

beforeEach(async () => {
  ledger = createStore(AccountStore, {
    ...freshAccount(),
    rows: new Map([
      ['a', 1],
      ['b', 2],
    ]),
  })
  port = 0
  await start()
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  await stop()
})

/** The host, each time on the same port. */
async function start(): Promise<void> {
  const http = createServer()
  const io = new Server(http, { path: '/socket', serveClient: false })
  await new Promise<void>((done) => http.listen(port, '127.0.0.1', done))
  ;({ port } = http.address() as AddressInfo)
  up = { http, io, host: createHost({ io, stores: [ledger], access: () => 1, logger: null }) }
}

async function stop(): Promise<void> {
  await up?.host.close()
  await up?.io.close()
  up = undefined
}

async function open(query = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${script.url}?server=http://127.0.0.1:${port}${query}`)
  return page
}

const shown = (page: Page): Promise<Record<string, string[]>> => page.evaluate(() => window.shown)
const problems = (page: Page): Promise<string[]> => page.evaluate(() => window.problems)

async function shows(page: Page, expected: Readonly<Record<string, string>>): Promise<void> {
  await eventually(async () => {
    const got = await page.evaluate(
      (ids) => Object.fromEntries(ids.map((id) => [id, document.getElementById(id)?.textContent])),
      Object.keys(expected),
    )
    expect(got).toEqual(expected)
  })
}

/** Until the page has saved what the host had said by now. */
async function saved(page: Page): Promise<void> {
  const now = Date.now()
  ledger.update((draft) => void draft.count++)
  await savedSince(page, now)
}

const savedSince = (page: Page, time: number): Promise<void> =>
  eventually(async () => expect(await page.evaluate(() => window.savedUntil())).toBeGreaterThanOrEqual(time))

test('a reload while the host is down shows the last state; with the host it goes live, and only what changed renders', async () => {
  const page = await open()
  await shows(page, { title: 'first', 'row-a': '1', 'row-b': '2', status: 'live loaded', connection: 'up' })
  ledger.update((draft) => void (draft.title = 'kept'))
  await shows(page, { title: 'kept' })
  await saved(page)
  await stop()

  await page.reload()
  await shows(page, { title: 'kept', 'row-a': '1', 'row-b': '2', status: 'stale loaded', connection: 'down' })
  const offline = await shown(page)
  // One render before anything is known, one with the last state.
  expect(offline).toMatchObject({ title: ['', 'kept'], 'row a': ['undefined', '1'], 'row b': ['undefined', '2'] })

  ledger.update((draft) => void draft.rows?.set('b', 7))
  await start()
  await shows(page, { title: 'kept', 'row-a': '1', 'row-b': '7', status: 'live loaded', connection: 'up' })
  expect(await shown(page)).toMatchObject({
    title: ['', 'kept'],
    'row a': ['undefined', '1'],
    'row b': ['undefined', '2', '7'],
  })
  expect((await shown(page))['status']?.slice(-2)).toEqual(['stale loaded', 'live loaded'])
  expect(await problems(page)).toEqual([])
})

test('what came after the last save is saved when the page is hidden', async () => {
  const page = await open('&every=600000')
  await shows(page, { title: 'first', status: 'live loaded' })
  await savedSince(page, 1)
  const change = Date.now()
  ledger.update((draft) => void (draft.title = 'at the last moment'))
  await shows(page, { title: 'at the last moment' })
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await savedSince(page, change)
  await page.close()
  await stop()
  const next = await open()
  await shows(next, { title: 'at the last moment', status: 'stale loaded' })
  expect(await problems(next)).toEqual([])
})

test('another schema and another user are shown nothing', async () => {
  const page = await open()
  await shows(page, { status: 'live loaded' })
  await saved(page)
  await stop()
  for (const query of ['&build=2', '&scope=bob']) {
    const other = await open(query)
    // By then it has long looked: the database is asked before the first attempt.
    await other.waitForFunction(() => window.attempts >= 3)
    await shows(other, { title: '', status: 'loading empty', connection: 'down' })
    expect((await shown(other))['title']).toEqual([''])
    expect(await problems(other)).toEqual([])
    await other.close()
  }
  await page.reload()
  await shows(page, { title: 'first', status: 'stale loaded' })
})

test('two tabs keep the same store: both have it the next time', async () => {
  const pages = [await open(), await open()]
  for (const page of pages) await shows(page, { status: 'live loaded' })
  ledger.update((draft) => void (draft.title = 'of both'))
  for (const page of pages) await shows(page, { title: 'of both' })
  for (const page of pages) await saved(page)
  await stop()
  for (const page of pages) {
    await page.reload()
    await shows(page, { title: 'of both', 'row-a': '1', status: 'stale loaded' })
    expect(await problems(page)).toEqual([])
  }
})
