import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type GameHost, startGameHost } from '../host/start-game-host.ts'
import { type BuiltPage, serveBuiltPage } from './support/built-page.ts'

vi.setConfig({ testTimeout: 40_000 })

// The shipped page in real Chromium on the real host: nothing here is a stand-in.
let browser: Browser
let built: BuiltPage
let context: BrowserContext
let game: GameHost
let port: number
let problems: string[]

beforeAll(async () => {
  browser = await launchChromium()
  built = await serveBuiltPage()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await built?.close()
})

beforeEach(async () => {
  context = await browser.newContext()
  problems = []
  await startHost(0)
})

afterEach(async () => {
  await context.close()
  await game.close()
})

async function startHost(at: number): Promise<void> {
  game = startGameHost({ port: at, restartAfterMs: null, logger: null })
  port = await game.host.listening
}

async function open(prepare: (page: Page) => Promise<unknown> = async () => {}): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    // A refused connection is what some of these tests are about; everything else is not.
    if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED')) problems.push(message.text())
  })
  await prepare(page)
  await page.goto(`${built.url}?server=http://127.0.0.1:${port}`)
  await page.locator('.turn[data-state=open]').waitFor()
  return page
}

const cell = (page: Page, row: number, column: number): Locator =>
  page.locator('.board tr').nth(row).locator('button').nth(column)

const token = async (page: Page, row: number, column: number, expected: string): Promise<void> => {
  await page.locator(`.board tr:nth-child(${row + 1}) td:nth-child(${column + 1}) [data-token="${expected}"]`).waitFor()
}

const turn = (page: Page): Promise<string> => page.locator('.turn').innerText()

describe('the demo', () => {
  test('feature 101: two tabs play a game to its end', async () => {
    const [a, b] = [await open(), await open()]
    expect(await turn(a)).toBe('X to move')
    const moves = [
      [a, 0, 0, 'X'],
      [b, 1, 0, 'O'],
      [a, 0, 1, 'X'],
      [b, 1, 1, 'O'],
      [a, 0, 2, 'X'],
    ] as const
    for (const [page, row, column, mark] of moves) {
      await cell(page, row, column).click()
      await Promise.all([token(a, row, column, mark), token(b, row, column, mark)])
    }
    await Promise.all([a, b].map((page) => page.locator('.turn[data-state=won]').waitFor()))
    expect(await turn(b)).toBe('X wins')
    expect(await b.locator('td.winning').count()).toBe(3)
    expect(problems).toEqual([])
  })

  test('the socket lives in a worker: the page itself opens none', async () => {
    let pageSockets = 0
    const page = await open(async (p) => {
      await p.addInitScript(() => {
        const Real = globalThis.WebSocket
        Object.assign(globalThis, { pageSockets: 0 })
        globalThis.WebSocket = class extends Real {
          constructor(...args: ConstructorParameters<typeof Real>) {
            super(...args)
            ;(globalThis as unknown as { pageSockets: number }).pageSockets++
          }
        }
      })
    })
    pageSockets = await page.evaluate(() => (globalThis as unknown as { pageSockets: number }).pageSockets)
    expect(pageSockets).toBe(0)
    expect(page.workers().map((w) => new URL(w.url()).protocol)).toEqual(['http:'])
    expect(problems).toEqual([])
  })

  test('an occupied cell is refused with a friendly word, for everybody the game stays as it was', async () => {
    const [a, b] = [await open(), await open()]
    await cell(a, 1, 1).click()
    await token(b, 1, 1, 'X')
    await cell(b, 1, 1).click()
    await b
      .getByRole('alert')
      .getByText(/taken|occupied/i)
      .waitFor()
    expect(await turn(b)).toBe('O to move')
    expect(problems).toEqual([])
  })

  test('it is played by keyboard', async () => {
    const page = await open()
    await page.keyboard.press('5')
    await token(page, 1, 1, 'X')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await token(page, 0, 1, 'O')
    expect(problems).toEqual([])
  })

  test('the devtools open in it as it is shipped, and are loaded only then', async () => {
    const page = await open()
    expect(await page.locator('rivulet-overlay').count()).toBe(0)
    await page.getByRole('button', { name: 'Devtools', exact: true }).click()
    await page.locator('rivulet-devtools').waitFor()
    await page.keyboard.press('5')
    await cell(page, 0, 0).click()
    await token(page, 0, 0, 'X')
    await token(page, 1, 1, '')
    expect(problems).toEqual([])
  })

  test('it survives a restart of the host: the board stays on screen, then play goes on', async () => {
    const page = await open()
    await cell(page, 2, 2).click()
    await token(page, 2, 2, 'X')
    const at = port
    await game.close()
    await page.locator('.connection').getByText('Reconnecting…').waitFor()
    await token(page, 2, 2, 'X')
    await startHost(at)
    await page.locator('.connection').getByText('Live').waitFor({ timeout: 20_000 })
    await token(page, 2, 2, '')
    await cell(page, 0, 0).click()
    await token(page, 0, 0, 'X')
    expect(await turn(page)).toBe('O to move')
  })

  test('without Worker it runs on the page', async () => {
    const page = await open((p) => p.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker')))
    await cell(page, 0, 2).click()
    await token(page, 0, 2, 'X')
    expect(page.workers()).toEqual([])
    expect(problems).toEqual([])
  })

  test('where the worker file cannot be loaded it starts from a blob', async () => {
    const page = await open((p) => p.route(/worker/, (route) => route.fulfill({ status: 404, body: '' })))
    await cell(page, 1, 0).click()
    await token(page, 1, 0, 'X')
    expect(page.workers().map((w) => new URL(w.url()).protocol)).toEqual(['blob:'])
  })
})
