import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { place } from '../host/rules.ts'
import { type GameHost, startGameHost } from '../host/start-game-host.ts'
import { type ServedCopy, serveCopy } from './support/served-copy.ts'

vi.setConfig({ testTimeout: 90_000 })

const MODEL = 'model/game/board.go'

// A development server on a copy of the demo, and the demo's own host.
let browser: Browser
let game: GameHost
let copy: ServedCopy
let model: string

beforeAll(async () => {
  browser = await launchChromium()
  game = startGameHost({ port: 0, restartAfterMs: null, logger: null })
  copy = await serveCopy()
  model = copy.read(MODEL)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await game?.close()
  await copy?.close()
})

async function open(problems: string[]): Promise<Page> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${copy.url}?server=http://127.0.0.1:${await game.host.listening}`)
  await playable(page)
  return page
}

const playable = (page: Page): Promise<void> => page.locator('.turn[data-state=open]').waitFor({ timeout: 60_000 })

/** The module that the page has now. */
async function fieldsIn(page: Page): Promise<readonly string[]> {
  // As text: the test runner would rewrite an import.
  const names = "import('/src/game/schema.ts').then((m) => m.structs['game.BoardStoreState'].fields.map((f) => f.name))"
  return await page.evaluate<readonly string[]>(names)
}

test('saving the Go model writes the module, and the page goes on with the new one', async () => {
  const problems: string[] = []
  const page = await open(problems)
  expect(await fieldsIn(page)).toEqual(['board', 'xTurn'])
  game.board.update((state) => place(state, 0, 0))
  await page.locator('.board [data-token="X"]').waitFor()

  const turn = 'XTurn bool       `restream:",fID=2"`'
  expect(model).toContain(turn)
  copy.write(
    MODEL,
    model.replace(turn, `${turn}\n\tRound uint8      \`restream:",fID=3"\``).replace('MAXFIELD(2)', 'MAXFIELD(3)'),
  )
  // Fails while the page reloads, and then again until it has the new module.
  await expect.poll(() => fieldsIn(page), { timeout: 60_000 }).toEqual(['board', 'xTurn', 'round'])
  await playable(page)
  // The host knows no rounds yet; what it has is shown all the same.
  await page.locator('.board [data-token="X"]').waitFor()
  expect(copy.read('schema.json')).toContain('"Round"')
  expect(problems).toEqual([])
  await page.close()
})

test('a mistake in the Go model is shown over the page until it is mended', async () => {
  const problems: string[] = []
  const page = await open(problems)
  const before = copy.read('src/game/schema.ts')
  copy.write(MODEL, model.replace('XTurn bool  ', 'XTurn bolt  '))
  const overlay = page.locator('vite-error-overlay')
  await overlay.waitFor({ timeout: 60_000 })
  expect(await overlay.locator('.message-body').innerText()).toContain('bolt')
  expect(await overlay.locator('.file').innerText()).toMatch(/model\/game\/board\.go:\d+:\d+$/)
  expect(copy.read('src/game/schema.ts')).toBe(before)

  copy.write(MODEL, model)
  await overlay.waitFor({ state: 'detached', timeout: 60_000 })
  await playable(page)
  expect(problems).toEqual([])
  await page.close()
})
