import { readFile } from 'node:fs/promises'
import { runInThisContext } from 'node:vm'
import { readRecording, stateAt } from '@rivulet/devtools/recording'
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, runTool } from '../../packages/devtools/test/support/run-tool.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { type GameHost, startGameHost } from '../host/start-game-host.ts'
import { BoardStore } from '../src/game/schema.ts'
import { type BuiltPage, serveBuiltPage } from './support/built-page.ts'

// The shipped page in real Chromium on the real host; what its devtools export is run as anybody would run it.
let browser: Browser
let built: BuiltPage
let context: BrowserContext
let game: GameHost
let folder: Awaited<ReturnType<typeof makeFolder>>
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
  context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true })
  folder = await makeFolder('demo-tictactoe/test')
  problems = []
})

afterEach(async () => {
  await folder.clean()
  await context.close()
  await game.close()
})

/** Two tabs of a game whose clock ticks every so often. */
async function openTwo(clockMs: number): Promise<readonly [Page, Page]> {
  game = startGameHost({ port: 0, restartAfterMs: null, logger: null, clockMs })
  const port = await game.host.listening
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await page.goto(`${built.url}?server=http://127.0.0.1:${port}`)
    await page.locator('.turn[data-state=open]').waitFor()
    return page
  }
  return [await open(), await open()]
}

/** X in the middle, O in a corner, X beside it, by turns. */
async function play(tabs: readonly [Page, Page]): Promise<void> {
  const moves = [
    [0, 1, 1, 'X'],
    [1, 0, 0, 'O'],
    [0, 0, 1, 'X'],
  ] as const
  for (const [tab, row, column, token] of moves) {
    await cell(tabs[tab], row, column).locator('button').click()
    for (const page of tabs) await cell(page, row, column).locator(`[data-token="${token}"]`).waitFor()
  }
}

const cell = (page: Page, row: number, column: number): Locator =>
  page.locator('.board tr').nth(row).locator('td').nth(column)

/** The tokens that a page shows, by rows. */
const shownBoard = (page: Page): Promise<(string | undefined)[][]> =>
  page
    .locator('.board tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        Array.from(row.querySelectorAll<HTMLElement>('td [data-token]'), ({ dataset }) => dataset['token']),
      ),
    )

async function openTimeTravel(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Devtools', exact: true }).click()
  const panel = page.locator('rivulet-devtools')
  await panel.getByRole('tab', { name: 'Time travel' }).click()
  await panel.getByRole('status').getByText(/ of /).waitFor()
  return panel
}

/** Presses a button that saves a file. */
async function saved(page: Page, button: Locator): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

/** Copies as a test, and gives what is on the clipboard then; `press` presses the button. */
async function copied(page: Page, press: () => Promise<unknown>): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(''))
  await press()
  const text = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
  await expect.poll(text, { timeout: 30_000 }).not.toBe('')
  return text()
}

/** The state of the board that a generated test asserts at its end. */
function assertedBoard(source: string): unknown {
  const literals = [...source.matchAll(/replay\.state\('BoardStore'\)\)\.toEqual\(([^()]*)\)\n/g)]
  return runInThisContext(`(${literals.at(-1)?.[1]})`)
}

/** The same recording without the last move: its update counts as one that was not applied. */
function withoutLastMove(text: string): string {
  const at = text.lastIndexOf('"kind":"storeupdate"')
  return `${text.slice(0, at)}"unapplied":true,${text.slice(at)}`
}

/** How a test says that its board lacks the last move. */
const FAILED_BOARD = /-\s+"X",\n\s*\+\s+"",/

const runTest = (...files: readonly string[]) =>
  runTool('vitest', 'vitest', ['run', '--project', 'node', '--retry', '0', ...files])

describe('a recording exported from the demo', () => {
  test('replays to the same state in the generated test, and fails it when it is altered', async () => {
    // So many ticks that the recording does not stand in the test itself.
    const tabs = await openTwo(5)
    await play(tabs)
    const [page] = tabs
    const panel = await openTimeTravel(page)
    const button = (name: string): Locator => panel.getByRole('button', { name, exact: true })
    const exported = await saved(page, button('Export'))
    let beside: unknown
    const source = await copied(page, async () => {
      beside = await saved(page, button('Copy as test'))
    })

    const shown = await shownBoard(page)
    expect(shown).toEqual([
      ['O', 'X', ''],
      ['', 'X', ''],
      ['', '', ''],
    ])
    expect(assertedBoard(source)).toEqual(game.board.state)
    expect(game.board.state.board).toEqual(shown)
    expect(exported.name).toMatch(/^rivulet-.*\.rsrec$/)
    expect(beside).toEqual(exported)
    const recording = readRecording(exported.text)
    expect(stateAt(recording, BoardStore, recording.ring.last)).toEqual(game.board.state)

    await folder.write(exported.name, exported.text)
    const file = await folder.write('game.node.test.ts', source)
    const passed = await runTest(file)
    expect([passed.code, passed.output]).toEqual([0, expect.stringMatching(/Tests .*1 passed/)])
    await folder.write(exported.name, withoutLastMove(exported.text))
    const failed = await runTest(file)
    expect([failed.code, failed.output]).toEqual([1, expect.stringMatching(/Tests .*1 failed/)])
    expect(failed.output).toMatch(FAILED_BOARD)
    expect(problems).toEqual([])
  }, 180_000)

  test('stands in the generated test when it is small', async () => {
    const tabs = await openTwo(3_600_000)
    await play(tabs)
    const [, page] = tabs
    const panel = await openTimeTravel(page)
    const source = await copied(page, () => panel.getByRole('button', { name: 'Copy as test', exact: true }).click())
    expect(source).not.toContain('readFileSync')
    expect(assertedBoard(source)).toEqual(game.board.state)
    expect(game.board.state.board).toEqual(await shownBoard(page))

    const files = [
      await folder.write('whole.node.test.ts', source),
      await folder.write('altered.node.test.ts', withoutLastMove(source)),
    ]
    const run = await runTest(...files)
    expect([run.code, run.output]).toEqual([1, expect.stringMatching(/Tests .*1 failed.* 1 passed/)])
    expect(run.output).toMatch(/FAIL .*altered\.node\.test\.ts/)
    expect(run.output).toMatch(FAILED_BOARD)
    expect(problems).toEqual([])
  }, 180_000)
})
