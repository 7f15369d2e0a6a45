import { useStoreStatus } from '@rivulet/react'
import type { ReactNode } from 'react'
import { BoardStore } from '../game/schema.ts'
import { Board } from './board.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { DevtoolsButton } from './devtools-button.tsx'
import { ServerClock } from './server-clock.tsx'
import { Turn } from './turn.tsx'
import { usePlace } from './use-place.ts'

// A path that the page reads anyway: asking for a status follows nothing by itself.
const FIRST_CELL = ['board', 0, 0] as const

/** The whole page. */
export function App(): ReactNode {
  const turn = useStoreStatus(BoardStore, 'xTurn')
  const board = useStoreStatus(BoardStore, FIRST_CELL)
  const ready = turn.loaded && board.loaded
  const { place, notice } = usePlace()
  return (
    <main className="app">
      <header>
        <h1>Tic-tac-toe</h1>
        <ConnectionBadge />
      </header>
      <Turn ready={ready} />
      <Board ready={ready} onPlace={(cell) => void place(cell)} />
      <div className="notice" role="alert">
        {notice.text === '' ? null : <p key={notice.id}>{notice.text}</p>}
      </div>
      <footer>
        <p className="keys">
          Keys <kbd>1</kbd>–<kbd>9</kbd> place a token, arrows and <kbd>Enter</kbd> too.
        </p>
        <ServerClock />
        <DevtoolsButton />
      </footer>
    </main>
  )
}
