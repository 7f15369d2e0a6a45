import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type GameHost, startGameHost } from '../../demo-tictactoe/host/start-game-host.ts'
import { BoardStore } from '../../demo-tictactoe/src/game/schema.ts'
import { eventually } from '../../packages/client/test/support/eventually.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type BuiltScript, serveScript } from '../src/built-script.ts'

vi.setConfig({ testTimeout: 60_000 })

// A ReSub page with its worker in real Chromium, and the real host.

let browser: Browser
let script: BuiltScript
let game: GameHost
let server: string
let edges: string[]

beforeAll(async () => {
  browser = await launchChromium()
  script = await serveScript(new URL('../page/resub-game.ts', import.meta.url))
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await script?.close()
})

beforeEach(async () => {
  game = startGameHost({ port: 0, restartAfterMs: null, logger: null })
  server = `http://127.0.0.1:${await game.host.listening}`
  edges = []
  game.host.onSubscription(BoardStore, (key, on) => edges.push(`${on ? '+' : '-'}${key}`))
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await game.close()
})

async function open(query = ''): Promise<{ readonly page: Page; readonly problems: string[] }> {
  const page = await (await browser.newContext()).newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  await page.goto(`${script.url}?server=${server}${query}`)
  return { page, problems }
}

const shows = (page: Page, id: string, text: string): Promise<void> =>
  eventually(async () => expect(await page.evaluate((at) => document.getElementById(at)?.textContent, id)).toBe(text))

describe.each([
  ['React', ''],
  ['React in StrictMode', '&strict'],
])('%s', (_name, strict) => {
  test('features 40, 43, 101: a move appears in every tab, and what was read is what the host was asked for', async () => {
    const one = await open(strict)
    const two = await open(strict)
    for (const { page } of [one, two]) {
      await shows(page, 'turn', "It is X's turn")
      await shows(page, 'cell-2-2', '.')
    }
    await one.page.click('#cell-1-1')
    for (const { page } of [one, two]) {
      await shows(page, 'cell-1-1', 'X')
      await shows(page, 'middle', '|X|')
      await shows(page, 'turn', "It is O's turn")
    }
    await two.page.click('#cell-0-0')
    for (const { page } of [one, two]) await shows(page, 'cell-0-0', 'O')
    // In the words of the host's source, each once per tab, and never the whole store.
    expect([...new Set(edges)].toSorted()).toEqual(['+Board', '+XTurn'])
    expect([...one.problems, ...two.problems]).toEqual([])
  })

  test('feature 109: a compound key is followed as such, and given back when the page goes', async () => {
    const { page, problems } = await open(`${strict}&only=middle`)
    await eventually(() => expect(edges).toHaveLength(1))
    expect(edges[0]).toBe('+Board%&1')
    game.board.update((draft) => {
      const row = draft.board?.[1]
      if (row) row[2] = 'O'
    })
    await shows(page, 'middle', '||O')
    await page.close()
    await eventually(() => expect(edges).toHaveLength(2))
    expect(edges[1]).toBe('-Board%&1')
    expect(problems).toEqual([])
  })

  test('a host that went away and came back: the components show what has changed meanwhile', async () => {
    const { page } = await open(strict)
    await shows(page, 'turn', "It is X's turn")
    const port = Number(new URL(server).port)
    await game.close()
    game = startGameHost({ port, restartAfterMs: null, logger: null })
    game.board.update((draft) => void (draft.xTurn = false))
    await game.host.listening
    await shows(page, 'turn', "It is O's turn")
    expect(edges).toEqual(expect.arrayContaining(['+Board', '+XTurn']))
  })
})
