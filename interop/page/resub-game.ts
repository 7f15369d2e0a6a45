import { createClient } from '@rivulet/client'
import { RivuletStore, withResubAutoSubscriptions } from '@rivulet/client/resub'
import { createElement, Fragment, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { autoSubscribe, autoSubscribeWithKey } from 'resub'
import { BoardStore, type BoardStoreState, PlaceToken } from '../../demo-tictactoe/src/game/schema.ts'
import { decorate } from '../../packages/client/test/support/decorate.ts'

// A page of a ReSub app: a store with auto-subscribing getters, and function components that call them. `?server=` names the host, `&strict` turns StrictMode on.

const params = new URLSearchParams(location.search)
const client = createClient({
  url: params.get('server') ?? '',
  delivery: 'exact',
  graceMs: 50,
  reconnect: { minMs: 5, maxMs: 20 },
})

class GameStore extends RivuletStore<BoardStoreState> {
  constructor() {
    super(client.store(BoardStore))
  }

  getBoard(): string[][] {
    return (this._state.board ?? []).map((row) => [...(row ?? [])])
  }

  /** `key` is a compound key: `board%&1` is the second row. */
  getRow(key: string): readonly string[] {
    return this._state.board?.[Number(key.split('%&')[1])] ?? []
  }

  getXTurn(): boolean {
    return this._state.xTurn
  }

  place(x: number, y: number): Promise<void> {
    return client.call(PlaceToken, { x, y })
  }
}

decorate(GameStore, {
  getBoard: { by: autoSubscribeWithKey('Board') },
  getRow: { by: autoSubscribe, keys: [0] },
  // As the reference lower-cases it, which is not how TypeScript spells the property of a field like `URLPath`; see the unit tests.
  getXTurn: { by: autoSubscribeWithKey('xTurn') },
  place: { by: autoSubscribe },
})

const game = new GameStore()

function Cell({ x, y, token }: { readonly x: number; readonly y: number; readonly token: string }): ReactNode {
  return createElement('td', { id: `cell-${x}-${y}`, onClick: () => void game.place(x, y) }, token || '.')
}

const Turn = withResubAutoSubscriptions(function Turn(): ReactNode {
  return createElement('p', { id: 'turn' }, `It is ${game.getXTurn() ? 'X' : 'O'}'s turn`)
})

const Middle = withResubAutoSubscriptions(function Middle(): ReactNode {
  return createElement('p', { id: 'middle' }, game.getRow('board%&1').join('|'))
})

const App = withResubAutoSubscriptions(function App(): ReactNode {
  const rows = game.getBoard().map((row, y) =>
    createElement(
      'tr',
      { key: y },
      row.map((token, x) => createElement(Cell, { key: x, x, y, token })),
    ),
  )
  return createElement('table', null, createElement('tbody', null, rows))
})

const only = params.get('only')
const page =
  only === 'middle'
    ? createElement(Middle)
    : createElement(Fragment, null, createElement(App), createElement(Middle), createElement(Turn))
createRoot(document.body.appendChild(document.createElement('main'))).render(
  createElement(params.has('strict') ? StrictMode : Fragment, null, page),
)
