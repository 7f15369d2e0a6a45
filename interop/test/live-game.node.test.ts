import { type Client, createClient } from '@rivulet/client'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type GameHost, startGameHost } from '../../demo-tictactoe/host/start-game-host.ts'
import { BoardStore, PlaceToken, ServerTime } from '../../demo-tictactoe/src/game/schema.ts'
import { type BuiltPage, serveBuiltPage } from '../../demo-tictactoe/test/support/built-page.ts'
import { launchChromium } from '../../scripts/lib/launch-chromium.mjs'
import { until } from '../../packages/server/test/support/until.ts'

vi.setConfig({ testTimeout: 40_000 })

/**
 * A tic-tac-toe server that is already running, say the Go one: `npm run interop -- --server http://localhost:8080`. Without it our own host stands in, so that these tests are known to
 * hold somewhere. Only what every server of the game has is used, and boards may be in any state at the start.
 */
const given = process.env['RIVULET_GAME_SERVER']

let own: GameHost | undefined
let server: string
const clients: Client[] = []

beforeAll(async () => {
  if (given !== undefined) {
    server = given
    return
  }
  own = startGameHost({ port: 0, restartAfterMs: null, logger: null })
  server = `http://127.0.0.1:${await own.host.listening}`
})

afterAll(async () => {
  await Promise.all(clients.map((client) => client.dispose()))
  await own?.close()
})

async function connect(): Promise<Client> {
  const client = createClient({ url: server, worker: 'inline' })
  clients.push(client)
  const board = client.store(BoardStore)
  board.subscribe([], () => {})
  await board.ready([])
  return client
}

const cells = (client: Client): string[] =>
  (client.store(BoardStore).get().board ?? []).flatMap((row) => [...(row ?? [])])

describe(`a live game server (${given ?? 'our own host'})`, () => {
  test('two clients see one board, a move reaches both, and an occupied cell is refused in the words of the server', async () => {
    const [a, b] = [await connect(), await connect()]
    await until(() => cells(a).length === 9 && cells(b).length === 9, 'both have the board')
    const free = cells(a).indexOf('')
    expect(free, 'the board is full: restart the server').toBeGreaterThanOrEqual(0)
    const mark = a.store(BoardStore).get().xTurn ? 'X' : 'O'
    const move = { x: free % 3, y: Math.floor(free / 3) }
    await a.call(PlaceToken, move)
    await until(() => cells(a)[free] === mark && cells(b)[free] === mark, 'the move is on both boards')
    await expect(b.call(PlaceToken, move)).rejects.toMatchObject({ code: 'rpc', what: 'cell already occupied' })
    await expect(b.call(PlaceToken, { x: 7, y: 7 })).rejects.toMatchObject({ code: 'rpc' })
  })

  test('the clock of the server arrives twice a second', async () => {
    const client = await connect()
    const times: Date[] = []
    client.on(ServerTime, ({ currentTime }) => times.push(currentTime))
    await until(() => times.length >= 3, 'three ticks')
    const gaps = times.slice(1).map((time, i) => time.getTime() - (times[i] as Date).getTime())
    for (const gap of gaps) expect(gap).toBeGreaterThan(200)
  })

  test('a client that comes back finds the board as it is', async () => {
    const client = await connect()
    const before = cells(client)
    client.disconnect()
    await until(() => client.store(BoardStore).status([]) === 'stale', 'the board is stale')
    expect(cells(client)).toEqual(before)
    client.connect()
    await until(() => client.store(BoardStore).status([]) === 'live', 'the board is live again')
  })

  describe('our web page, as it is shipped', () => {
    let browser: Browser
    let built: BuiltPage

    beforeAll(async () => {
      browser = await launchChromium()
      built = await serveBuiltPage()
    }, 120_000)

    afterAll(async () => {
      await browser?.close()
      await built?.close()
    })

    test('shows what the server has and plays a move', async () => {
      const client = await connect()
      const page = await browser.newPage()
      await page.goto(`${built.url}?server=${server}`)
      await page.locator('.connection').getByText('Live').waitFor()
      await until(() => cells(client).length === 9, 'the client has the board')
      const free = cells(client).indexOf('')
      expect(free, 'the board is full: restart the server').toBeGreaterThanOrEqual(0)
      await page.locator('.board:not([aria-busy="true"])').waitFor()
      await page.locator('.board button').nth(free).click()
      await page.locator('.board button').nth(free).locator('.token').waitFor()
      await until(() => cells(client)[free] !== '', 'the move is at the server')
    })
  })
})
