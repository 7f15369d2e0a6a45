import type { Draft } from '@rivulet/server'
import type { BoardStoreState } from '../src/game/schema.ts'

// Rows and columns of the board.
const SIZE = 3

/** A board before the first move; X begins. */
export function newGame(): BoardStoreState {
  return { board: Array.from({ length: SIZE }, () => Array.from({ length: SIZE }, () => '')), xTurn: true }
}

/** Places the token of whoever's turn it is. Throws an Error whose text the player gets to see. */
export function place(game: Draft<BoardStoreState>, x: number, y: number): void {
  const row = game.board?.[y]
  if (row?.[x] === undefined) throw new Error('cell outside the board')
  if (row[x] !== '') throw new Error('cell already occupied')
  if (isOver(game)) throw new Error('the game is over')
  row[x] = game.xTurn ? 'X' : 'O'
  game.xTurn = !game.xTurn
}

/** Whether somebody has three in a row, or no cell is free. */
export function isOver(game: BoardStoreState): boolean {
  return winner(game) !== null || cells(game).every((token) => token !== '')
}

/** The token that has three in a row, or null. */
export function winner(game: BoardStoreState): string | null {
  const all = cells(game)
  for (const [a, b, c] of LINES) if (all[a] !== '' && all[a] === all[b] && all[b] === all[c]) return all[a] ?? null
  return null
}

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const

function cells({ board }: BoardStoreState): string[] {
  return (board ?? []).flatMap((row) => row ?? [])
}
