import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHost, createStore, type Host, type Store } from '@rivulet/server'
import type { Browser, Page } from 'playwright'
import { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type BuiltScript, serveScript } from '../src/built-script.ts'
import { type AccountStoreState, AccountStore } from '../src/generated/schema.ts'
import { freshAccount } from '../src/fresh-account.ts'
import { type SwallowingProxy, swallowingProxy } from '../src/swallowing-proxy.ts'

vi.setConfig({ testTimeout: 60_000 })

// A React page with its worker in real Chromium, the real host, and a network between them that dies.

let browser: Browser
let script: BuiltScript
let io: Server
let host: Host
let ledger: Store<AccountStoreState>
let proxy: SwallowingProxy

beforeAll(async () => {
  browser = await launchChromium()
  script = await serveScript(new URL('../page/render-counts.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

beforeEach(async () => {
  const http = createServer()
  io = new Server(http, { path: '/socket', serveClient: false, pingInterval: 300, pingTimeout: 2000 })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  ledger = createStore(AccountStore, {
    ...freshAccount(),
    rows: new Map([
      ['a', 1],
      ['b', 2],
    ]),
  })
  host = hostOf()
  proxy = await swallowingProxy((http.address() as AddressInfo).port)
})

function hostOf(): Host {
  return createHost({
    io,
    stores: [ledger],
    access: () => 1,
    logger: null,
    sessions: { identify: () => ({ ownerID: 'ann', scopeID: 'test' }) },
  })
}

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await host.close()
  await proxy.close()
  await io.close()
})

async function open(strict: boolean): Promise<{ page: Page; problems: string[] }> {
  const page = await (await browser.newContext()).newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  await page.goto(`${script.url}?server=http://127.0.0.1:${proxy.port}${strict ? '&strict' : ''}`)
  await shows(page, { title: 'first', count: '0', 'row-a': '1', 'row-b': '2', marks: '6', status: 'connected fresh' })
  return { page, problems }
}

async function shows(page: Page, expected: Readonly<Record<string, string>>): Promise<void> {
  await eventually(async () => {
    const got = await page.evaluate(
      (ids) => Object.fromEntries(ids.map((id) => [id, document.getElementById(id)?.textContent])),
      Object.keys(expected),
    )
    expect(got).toEqual(expected)
  })
}

/** What has rendered since the last time, and how often. */
const renders = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => {
    const since = window.renders
    window.renders = {}
    return since
  })

describe.each([
  ['React', false, 1],
  ['React in StrictMode', true, 2],
] as const)('%s', (_name, strict, once) => {
  test.each([
    ['was cut', false],
    ['died silently, with updates in it', true],
  ])('a connection that %s: a resume renders once what has changed, and nothing else', async (_what, silent) => {
    const { page, problems } = await open(strict)
    await renders(page)
    if (silent) proxy.swallow()
    else proxy.cut('both')
    ledger.update((draft) => void (draft.count = 1))
    ledger.update((draft) => void draft.rows?.set('b', 7))
    ledger.update((draft) => void (draft.count = 2))
    await shows(page, { count: '2', 'row-b': '7', status: 'connected resumed' })
    expect(await renders(page)).toEqual({ count: once, 'row b': once })
    await shows(page, { title: 'first', 'row-a': '1', marks: '6' })
    expect(problems).toEqual([])
  })

  test('the host was restarted and knows nothing: still only what changed renders', async () => {
    const { page, problems } = await open(strict)
    await renders(page)
    await host.close()
    ledger.update((draft) => void (draft.title = 'second'))
    host = hostOf()
    await shows(page, { title: 'second', status: 'connected fresh' })
    expect(await renders(page)).toEqual({ title: once })
    await shows(page, { count: '0', 'row-a': '1', 'row-b': '2', marks: '6' })
    expect(problems).toEqual([])
  })
})
