import { useStore } from '@rivulet/react'
import type { ReactNode } from 'react'
import { outcomeOf } from '../game/outcome.ts'
import { BoardStore } from '../game/schema.ts'

/** Whose turn it is, or how the game ended; read out whenever it changes. */
export function Turn({ ready }: { readonly ready: boolean }): ReactNode {
  const xTurn = useStore(BoardStore, 'xTurn')
  const { state, winner } = useStore(BoardStore, (game) => outcomeOf(game.board))
  const next = xTurn ? 'X' : 'O'
  const text = !ready
    ? 'Waiting for the board…'
    : state === 'won'
      ? `${winner} wins`
      : state === 'draw'
        ? 'A draw'
        : `${next} to move`
  const player = ready && state !== 'draw' ? (winner ?? next) : ''
  return (
    <output className="turn" data-player={player} data-state={ready ? state : 'waiting'}>
      {text}
    </output>
  )
}
