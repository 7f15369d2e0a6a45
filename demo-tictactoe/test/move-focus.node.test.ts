import { expect, test } from 'vitest'
import { cellOfDigit, moveFocus } from '../src/app/move-focus.ts'
import { CELLS } from '../src/game/outcome.ts'

test.for([
  ['ArrowLeft', 0, 1],
  ['ArrowRight', 2, 1],
  ['ArrowUp', 1, 0],
  ['ArrowDown', 1, 2],
  ['Home', 0, 1],
  ['End', 2, 1],
] as const)('%s from the middle', ([key, x, y]) => {
  expect(moveFocus({ x: 1, y: 1 }, key)).toEqual({ x, y })
})

test('stays on the board at its edges', () => {
  for (const cell of CELLS) {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']) {
      expect(CELLS).toContainEqual(moveFocus(cell, key))
    }
  }
})

test('leaves other keys alone', () => {
  for (const key of ['Enter', ' ', 'Tab', 'a', '5']) expect(moveFocus({ x: 1, y: 1 }, key)).toBeNull()
})

test('digits are the cells in reading order', () => {
  expect('123456789'.split('').map(cellOfDigit)).toEqual(CELLS)
  for (const key of ['0', 'a', '10', '', 'F1', 'Enter']) expect(cellOfDigit(key)).toBeNull()
})
