import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CELLS, LINES, outcomeOf, SIZE, tokenAt } from '../src/game/outcome.ts'

const board = (text: string): string[][] => text.split('/').map((row) => row.split('').map((c) => (c === '.' ? '' : c)))

describe('outcomeOf', () => {
  test.for([
    ['.../.../...', 'open', null],
    ['XOX/OXO/OX.', 'open', null],
    ['XXX/OO./...', 'won', 'X'],
    ['XX./OOO/X..', 'won', 'O'],
    ['OX./OX./O.X', 'won', 'O'],
    ['X.O/.XO/..X', 'won', 'X'],
    ['X.O/XO./O..', 'won', 'O'],
    ['XOX/XOO/OXX', 'draw', null],
  ] as const)('%s is %s', ([text, state, winner]) => {
    expect(outcomeOf(board(text))).toMatchObject({ state, winner })
  })

  test('a full board with a line is a win, not a draw', () => {
    expect(outcomeOf(board('XXX/OOX/OXO')).state).toBe('won')
  })

  test('a board that is not there, or has holes, is an open game', () => {
    expect(outcomeOf(null).state).toBe('open')
    expect(outcomeOf([]).state).toBe('open')
    expect(outcomeOf([null, ['X', 'X', 'X'], null])).toMatchObject({ state: 'won', winner: 'X' })
  })

  test('the same line is the same object, so nothing renders while it stays', () => {
    expect(outcomeOf(board('XXX/OO./...')).line).toBe(outcomeOf(board('XXX/OO./O..')).line)
  })

  test('there are eight lines of three different cells', () => {
    expect(LINES).toHaveLength(2 * SIZE + 2)
    for (const line of LINES) expect(new Set(line.map(({ x, y }) => `${x},${y}`)).size).toBe(SIZE)
  })

  const anyBoard = fc.array(fc.array(fc.constantFrom('X', 'O', ''), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  })

  test('a winner holds every cell of the line; a draw has no free cell', () => {
    fc.assert(
      fc.property(anyBoard, (cells) => {
        const { state, winner, line } = outcomeOf(cells)
        const tokens = CELLS.map((cell) => tokenAt(cells, cell))
        expect(line?.map((cell) => tokenAt(cells, cell))).toEqual(
          state === 'won' ? [winner, winner, winner] : undefined,
        )
        // Somebody may win with the last free cell, so a full board is either.
        expect(['won', tokens.includes('') ? 'open' : 'draw']).toContain(state)
      }),
    )
  })

  test('swapping the players swaps the winner and nothing else', () => {
    const swap: Record<string, string> = { X: 'O', O: 'X', '': '' }
    fc.assert(
      fc.property(anyBoard, (cells) => {
        const wins = LINES.filter((line) => {
          const [a, b, c] = line.map((cell) => tokenAt(cells, cell))
          return a !== '' && a === b && b === c
        })
        // On a random board both players may hold a line, which no game reaches.
        fc.pre(wins.length <= 1)
        const before = outcomeOf(cells)
        const after = outcomeOf(cells.map((row) => row.map((token) => swap[token] as string)))
        expect(after).toEqual({ ...before, winner: before.winner === null ? null : swap[before.winner] })
      }),
    )
  })
})
