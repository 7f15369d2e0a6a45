import { createStore } from '@rivulet/server'
import { describe, expect, test } from 'vitest'
import { isOver, newGame, place, winner } from '../host/rules.ts'
import { BoardStore, type BoardStoreState } from '../src/game/schema.ts'

function play(...moves: readonly (readonly [x: number, y: number])[]): BoardStoreState {
  const store = createStore(BoardStore, newGame())
  for (const [x, y] of moves) store.update((game) => place(game, x, y))
  return store.state
}

describe('the rules', () => {
  test('tokens alternate, X begins; x is the column, y the row', () => {
    const game = play([1, 0], [2, 2])
    expect(game.board).toEqual([
      ['', 'X', ''],
      ['', '', ''],
      ['', '', 'O'],
    ])
    expect(game.xTurn).toBe(true)
  })

  test('an occupied cell is refused and it stays the same turn', () => {
    const store = createStore(BoardStore, newGame())
    store.update((game) => place(game, 0, 0))
    expect(() => store.update((game) => place(game, 0, 0))).toThrow(/^cell already occupied$/)
    expect(store.state.xTurn).toBe(false)
  })

  test.each([
    [3, 0],
    [0, 3],
    [-1, 0],
    [0, -1],
    [0.5, 0],
  ])('a cell outside the board is refused: %j, %j', (x, y) => {
    expect(() => play([x, y])).toThrow(/^cell outside the board$/)
  })

  test('three in a row win, in every direction', () => {
    expect(winner(play([0, 0], [0, 1], [1, 0], [1, 1], [2, 0]))).toBe('X')
    expect(winner(play([0, 0], [1, 0], [0, 1], [1, 1], [2, 2], [1, 2]))).toBe('O')
    expect(winner(play([0, 0], [1, 0], [1, 1], [2, 0], [2, 2]))).toBe('X')
    expect(winner(play([2, 0], [0, 0], [1, 1], [1, 0], [0, 2]))).toBe('X')
    expect(winner(play([0, 0], [1, 1]))).toBeNull()
  })

  test('a won game takes no more tokens', () => {
    expect(() => play([0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 2])).toThrow(/^the game is over$/)
  })

  test('a full board is a draw', () => {
    const game = play([0, 0], [1, 0], [2, 0], [1, 1], [0, 1], [2, 1], [1, 2], [0, 2], [2, 2])
    expect(isOver(game)).toBe(true)
    expect(winner(game)).toBeNull()
    expect(isOver(newGame())).toBe(false)
  })
})
