import { RivuletError, type ConnectionState } from '@rivulet/client'
import { RivuletProvider } from '@rivulet/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render, type RenderResult } from 'vitest-browser-react'
import { createFakeClient, type FakeClient } from '../../packages/react/test/support/fake-client.ts'
import { App } from '../src/app/app.tsx'
import css from '../src/app/app.css?inline'
import { BoardStore, PlaceToken, ServerTime, type BoardStoreState } from '../src/game/schema.ts'

const EMPTY = '.../.../...'

function game(text: string, xTurn = true): BoardStoreState {
  return { board: text.split('/').map((row) => row.split('').map((c) => (c === '.' ? '' : c))), xTurn }
}

interface Page extends FakeClient {
  readonly screen: RenderResult
  readonly cell: (row: number, column: number) => ReturnType<RenderResult['getByRole']>
}

// As index.html does; without it an empty cell has no size to click on.
const style = document.head.appendChild(document.createElement('style'))
style.textContent = css

async function open(state: BoardStoreState | null = game(EMPTY)): Promise<Page> {
  const fake = createFakeClient(state, BoardStore)
  const screen = await render(
    <StrictMode>
      <RivuletProvider client={fake.client}>
        <App />
      </RivuletProvider>
    </StrictMode>,
  )
  return Object.assign(fake, {
    screen,
    cell: (row: number, column: number) =>
      screen.getByRole('button', { name: new RegExp(`^Row ${row}, column ${column}:`) }),
  })
}

/** A click on a button that says it is disabled, which the driver would wait for. */
function click(locator: ReturnType<RenderResult['getByRole']>): void {
  ;(locator.element() as HTMLElement).click()
}

function connection(state: ConnectionState, attempt = 0) {
  return { state, attempt, since: 1, clockOffset: null }
}

describe('board', () => {
  test('shows the tokens, by label and by drawing', async () => {
    const { screen, cell } = await open(game('X../.O./...'))
    await expect.element(screen.getByRole('button', { name: 'Row 1, column 1: X' })).toBeVisible()
    await expect.element(screen.getByRole('button', { name: 'Row 2, column 2: O' })).toBeVisible()
    await expect.element(screen.getByRole('button', { name: 'Row 3, column 3: empty' })).toBeVisible()
    expect(cell(1, 1).element().querySelector('svg path')).not.toBeNull()
    expect(cell(2, 2).element().querySelector('svg circle')).not.toBeNull()
    expect(cell(3, 3).element().querySelector('svg')).toBeNull()
  })

  test('a click places a token there: x is the column, y the row', async () => {
    const { cell, calls } = await open()
    await cell(3, 1).click()
    expect(calls.map(({ rpc, args }) => [rpc, args])).toEqual([[PlaceToken, { x: 0, y: 2 }]])
  })

  test('a move by anybody appears, with the turn', async () => {
    const { screen, store, cell } = await open()
    await expect.element(screen.getByText('X to move')).toBeVisible()
    store.putAll([
      [
        ['board', 0],
        ['', 'X', ''],
      ],
      [['xTurn'], false],
    ])
    await expect.element(cell(1, 2)).toHaveAccessibleName('Row 1, column 2: X')
    await expect.element(screen.getByText('O to move')).toBeVisible()
  })

  test('while no board has arrived, it says so and places nothing', async () => {
    const { screen, store, cell, calls } = await open(null)
    await expect.element(screen.getByText('Waiting for the board…')).toBeVisible()
    await expect.element(screen.getByRole('grid')).toHaveAttribute('aria-busy', 'true')
    click(cell(1, 1))
    expect(calls).toEqual([])
    store.putAll([
      [['board'], game('.O./.../...').board],
      [['xTurn'], true],
    ])
    store.setStatus('live')
    await expect.element(screen.getByText('X to move')).toBeVisible()
    await expect.element(cell(1, 2)).toHaveAccessibleName('Row 1, column 2: O')
  })
})

describe('end of the game', () => {
  test('a win names the winner, marks the line and locks the board', async () => {
    const { screen, cell, calls } = await open(game('XXX/OO./...', false))
    await expect.element(screen.getByText('X wins')).toBeVisible()
    await expect.element(cell(1, 2)).toHaveAccessibleName('Row 1, column 2: X, winning line')
    await expect.element(cell(2, 1)).toHaveAccessibleName('Row 2, column 1: O')
    await expect.element(cell(3, 3)).toHaveAttribute('aria-disabled', 'true')
    click(cell(3, 3))
    expect(calls).toEqual([])
  })

  test('a full board without a line is a draw', async () => {
    const { screen } = await open(game('XOX/XOO/OXX'))
    await expect.element(screen.getByText('A draw')).toBeVisible()
  })

  test('a new game on the host unlocks the board', async () => {
    const { screen, store, cell, calls } = await open(game('XXX/OO./...', false))
    store.putAll([
      [['board'], game(EMPTY).board],
      [['xTurn'], true],
    ])
    await expect.element(screen.getByText('X to move')).toBeVisible()
    await cell(3, 3).click()
    expect(calls).toHaveLength(1)
  })
})

describe('a move that fails', () => {
  test('an occupied cell gives a friendly message, read out again each time, gone with the next good move', async () => {
    const { screen, cell, calls } = await open(game('X../.../...', false))
    const alert = screen.getByRole('alert')
    await cell(1, 1).click()
    calls[0]?.reject(new RivuletError('rpc', 'cell already occupied'))
    await expect.element(alert).toHaveTextContent('That cell is taken. Pick a free one.')
    const first = alert.element().firstElementChild
    await cell(1, 1).click()
    calls[1]?.reject(new RivuletError('rpc', 'cell already occupied'))
    await expect.poll(() => alert.element().firstElementChild !== first).toBe(true)
    await cell(1, 2).click()
    calls[2]?.resolve(undefined)
    await expect.element(alert).toBeEmptyDOMElement()
  })

  test('no answer is named, and waited for only so long', async () => {
    const { screen, cell, calls } = await open()
    await cell(2, 2).click()
    expect(calls[0]?.options).toEqual({ timeoutMs: 5000 })
    calls[0]?.reject(new RivuletError('timeout', 'no answer'))
    await expect.element(screen.getByText(/^The server did not answer\./)).toBeVisible()
  })
})

describe('keyboard', () => {
  test('the board is one tab stop; arrows move, Enter places', async () => {
    const { screen, cell, calls } = await open()
    expect(
      [...screen.container.querySelectorAll<HTMLElement>('.board button')].filter(({ tabIndex }) => tabIndex === 0),
    ).toHaveLength(1)
    await userEvent.tab()
    await expect.element(cell(1, 1)).toHaveFocus()
    await userEvent.keyboard('{ArrowRight}{ArrowDown}')
    await expect.element(cell(2, 2)).toHaveFocus()
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowDown}{ArrowDown}')
    await expect.element(cell(3, 1)).toHaveFocus()
    await userEvent.keyboard('{End}{Enter}')
    expect(calls.map(({ args }) => args)).toEqual([{ x: 2, y: 2 }])
    expect(cell(3, 3).element()).toHaveProperty('tabIndex', 0)
  })

  test('digits place from anywhere on the page, but not as part of a shortcut', async () => {
    const { cell, calls } = await open()
    await userEvent.keyboard('6')
    await expect.element(cell(2, 3)).toHaveFocus()
    await userEvent.keyboard('{Control>}1{/Control}{Alt>}2{/Alt}0')
    expect(calls.map(({ args }) => args)).toEqual([{ x: 2, y: 1 }])
  })

  test('a locked board can still be looked at with the arrows', async () => {
    const { cell, calls } = await open(game('XXX/OO./...'))
    await userEvent.keyboard('9')
    await expect.element(cell(3, 3)).toHaveFocus()
    await userEvent.keyboard('{ArrowUp}')
    await expect.element(cell(2, 3)).toHaveFocus()
    expect(calls).toEqual([])
  })
})

describe('connection', () => {
  test('is shown, and the board stays through a restart of the host', async () => {
    const { screen, store, setConnection, cell } = await open(game('X../.../...', false))
    await expect.element(screen.getByText('Connecting…')).toBeVisible()
    setConnection(connection('connected'))
    await expect.element(screen.getByText('Live')).toBeVisible()
    setConnection(connection('disconnected', 1))
    store.setStatus('stale')
    await expect.element(screen.getByText('Reconnecting…')).toBeVisible()
    await expect.element(cell(1, 1)).toHaveAccessibleName('Row 1, column 1: X')
    await expect.element(screen.getByText('O to move')).toBeVisible()
    setConnection(connection('connecting', 2))
    await expect.element(screen.getByText('Reconnecting…')).toBeVisible()
    setConnection(connection('connected'))
    store.setStatus('live')
    await expect.element(screen.getByText('Live')).toBeVisible()
  })

  test('the server’s clock follows the event', async () => {
    const { screen, emit } = await open()
    await expect.element(screen.getByText(/^Server time –$/)).toBeVisible()
    const currentTime = new Date('2026-03-05T10:05:03.500Z')
    emit(ServerTime, { currentTime })
    await expect.poll(() => screen.container.querySelector('time')?.dateTime).toBe(currentTime.toISOString())
    emit(ServerTime, { currentTime: new Date(currentTime.getTime() + 500) })
    await expect.poll(() => screen.container.querySelector('time')?.dateTime).toBe('2026-03-05T10:05:04.000Z')
  })
})

describe('what is followed', () => {
  test('leaving the page lets everything go', async () => {
    const { screen, store, listening } = await open()
    expect(store.followed().length).toBeGreaterThan(0)
    expect(listening()).toEqual(['ServerTime'])
    await screen.unmount()
    expect(store.followed()).toEqual([])
    expect(listening()).toEqual([])
  })
})

describe('devtools', () => {
  afterEach(() => {
    document.querySelector('rivulet-overlay')?.remove()
    localStorage.clear()
  })

  const dock = (): HTMLElement | null | undefined =>
    document.querySelector('rivulet-overlay')?.shadowRoot?.querySelector<HTMLElement>('.dock')

  test.each([
    ['never before', {}],
    ['when they were open the last time', { open: true }],
  ])('come when they are asked for, %s, and close with Escape; keys in them are not moves', async (_, remembered) => {
    localStorage.setItem('rivulet.devtools.overlay', JSON.stringify(remembered))
    const { screen, calls } = await open()
    expect(document.querySelector('rivulet-overlay')).toBeNull()
    await screen.getByRole('button', { name: 'Devtools', exact: true }).click()
    await expect.poll(() => dock()?.hidden, { timeout: 20_000 }).toBe(false)
    await userEvent.keyboard('5')
    expect(calls).toEqual([])
    await userEvent.keyboard('{Escape}')
    expect(dock()?.hidden).toBe(true)
    await expect.element(screen.getByRole('button', { name: 'Devtools', exact: true })).toHaveFocus()

    await screen.getByRole('button', { name: 'Devtools', exact: true }).click()
    await expect.poll(() => dock()?.hidden).toBe(false)
    await expect.poll(() => dock()?.querySelector('rivulet-devtools')?.isConnected, { timeout: 20_000 }).toBe(true)
  })
})
