import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import type { Browser, Page } from 'playwright'
import { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { freshAccount } from '../src/fresh-account.ts'
import { AccountStore, type AccountStoreState } from '../src/generated/schema.ts'

vi.setConfig({ testTimeout: 60_000 })

// 10,000 rows on a real host; a React page with its worker in real Chromium that shows five of them, and a canvas that shows all.

const N = 10_000

let browser: Browser
let script: BuiltScript
let io: Server
let host: Host
let accounts: Store<AccountStoreState>
let url: string

beforeAll(async () => {
  browser = await launchChromium()
  script = await serveScript(new URL('../page/lists.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

beforeEach(async () => {
  const http = createServer()
  io = new Server(http, { path: '/socket', serveClient: false })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const rows = new Map(Array.from({ length: N }, (_, i) => [`k${i}`, 10 * i]))
  accounts = createStore(AccountStore, { ...freshAccount(), rows })
  host = createHost({ io, stores: [accounts], access: () => 1, logger: null })
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await host.close()
  await io.close()
})

async function open(): Promise<{ page: Page; problems: string[] }> {
  const page = await (await browser.newContext()).newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${script.url}?server=${url}`)
  return { page, problems }
}

const shows = (page: Page, selector: string, text: string): Promise<void> =>
  eventually(async () => expect(await page.textContent(selector)).toBe(text))

const lists = (
  page: Page,
): Promise<{ renders: Record<string, number>; shown: string[]; diffs: unknown[]; drawn: [string, number][] }> =>
  page.evaluate(() => {
    const { renders, shown, diffs, drawn } = window.lists
    return { renders: { ...renders }, shown: [...shown], diffs: [...diffs], drawn: [...drawn] }
  })

const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { renders, shown, diffs } = window.lists
    for (const name of Object.keys(renders)) delete renders[name]
    shown.length = diffs.length = 0
  })

test('a window of 10,000 rows: its own keys, what moves in it, scrolling without a flash, and a lost connection', async () => {
  const { page, problems } = await open()
  await shows(page, '#list', `0/${N}: k9999,k9998,k9997,k9996,k9995`)
  await shows(page, '#sizes', `${N} 0`)
  await eventually(async () => expect((await lists(page)).drawn).toHaveLength(N))
  await eventually(async () => expect(await page.textContent('li')).toBe('k9999=99990'))
  // It never showed half a list, and the canvas was told once.
  const begun = await lists(page)
  expect(begun.diffs).toEqual([{ added: N, removed: [], changed: [] }])
  expect(new Set(begun.shown)).toEqual(new Set(['0/0: ', `0/${N}: k9999,k9998,k9997,k9996,k9995`]))

  // A row that nobody looks at: one call of the canvas, no render.
  await forget(page)
  accounts.update((draft) => void draft.rows?.set('k50', 505))
  await eventually(async () => expect((await lists(page)).diffs).toEqual([{ added: 0, removed: [], changed: ['k50'] }]))
  expect((await lists(page)).renders).toEqual({})

  // A row moves into the window, another one is gone.
  await forget(page)
  accounts.update((draft) => {
    draft.rows?.set('k50', 99_975)
    draft.rows?.delete('k9999')
    draft.rows?.set('cold', -1)
  })
  await shows(page, '#list', `0/${N}: k9998,k50,k9997,k9996,k9995`)
  await shows(page, '#sizes', `${N} 1`)
  await eventually(async () => expect(await page.textContent('main')).toContain('k50=99975'))
  const moved = await lists(page)
  expect(moved.diffs).toEqual([{ added: 1, removed: ['k9999'], changed: ['k50'] }])
  // The new row, the list; none of those that stayed.
  expect(Object.keys(moved.renders).toSorted()).toEqual(['list', 'row k50'])

  // Scrolling, faster than the worker answers.
  await forget(page)
  await page.evaluate(() => {
    for (let offset = 10; offset <= 5000; offset += 10) window.lists.scroll(offset)
  })
  await shows(page, '#list', `5000/${N}: k4999,k4998,k4997,k4996,k4995`)
  for (const text of (await lists(page)).shown) expect(text.split(',')).toHaveLength(5)

  // The connection dies while the host changes one row: that one is what the canvas hears of, and nothing renders.
  await forget(page)
  io.disconnectSockets(true)
  accounts.update((draft) => void draft.rows?.set('k7', 75))
  await eventually(async () => expect((await lists(page)).diffs).toEqual([{ added: 0, removed: [], changed: ['k7'] }]))
  expect((await lists(page)).renders['row k4999']).toBeUndefined()
  const { drawn } = await lists(page)
  expect(new Map(drawn)).toEqual(accounts.state.rows)
  expect(problems).toEqual([])
})
