import type { BoardStoreState } from './schema.ts'

/** The board is square, this many cells wide. */
export const SIZE = 3

/** A cell's place: column and row, from 0, at the top left. */
export interface Cell {
  readonly x: number
  readonly y: number
}

/** How far the game is: still open, won along a line, or drawn. */
export interface Outcome {
  readonly state: 'open' | 'won' | 'draw'
  readonly winner: string | null
  /** The winning cells, one of {@link LINES}. */
  readonly line: readonly Cell[] | null
}

const SIDE: readonly number[] = [...Array(SIZE).keys()]

/** All cells in reading order. */
export const CELLS: readonly Cell[] = SIDE.flatMap((y) => SIDE.map((x) => ({ x, y })))

/** Every line that wins: rows, columns, diagonals. */
export const LINES: readonly (readonly Cell[])[] = [
  ...SIDE.map((y) => SIDE.map((x) => ({ x, y }))),
  ...SIDE.map((x) => SIDE.map((y) => ({ x, y }))),
  SIDE.map((i) => ({ x: i, y: i })),
  SIDE.map((i) => ({ x: SIZE - 1 - i, y: i })),
]

const OPEN: Outcome = { state: 'open', winner: null, line: null }
const DRAW: Outcome = { state: 'draw', winner: null, line: null }

/** The token in a cell, `''` when it is free or not known. */
export function tokenAt(board: BoardStoreState['board'], { x, y }: Cell): string {
  return board?.[y]?.[x] ?? ''
}

/** What the tokens on the board mean. The host keeps only the tokens, so every page works this out for itself. */
export function outcomeOf(board: BoardStoreState['board']): Outcome {
  for (const line of LINES) {
    const [winner = '', ...others] = line.map((cell) => tokenAt(board, cell))
    if (winner !== '' && others.every((token) => token === winner)) return { state: 'won', winner, line }
  }
  return CELLS.every((cell) => tokenAt(board, cell) !== '') ? DRAW : OPEN
}
