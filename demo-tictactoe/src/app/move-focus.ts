import { SIZE, type Cell } from '../game/outcome.ts'

const last = SIZE - 1

/** Where a key takes the focus on the board, or `null` when it is none of the board's keys. The board does not wrap around. */
export function moveFocus({ x, y }: Cell, key: string): Cell | null {
  switch (key) {
    case 'ArrowLeft':
      return { x: Math.max(0, x - 1), y }
    case 'ArrowRight':
      return { x: Math.min(last, x + 1), y }
    case 'ArrowUp':
      return { x, y: Math.max(0, y - 1) }
    case 'ArrowDown':
      return { x, y: Math.min(last, y + 1) }
    case 'Home':
      return { x: 0, y }
    case 'End':
      return { x: last, y }
    default:
      return null
  }
}

/** The cell of a digit key: 1 to 9 in reading order. */
export function cellOfDigit(key: string): Cell | null {
  if (!/^[1-9]$/.test(key)) return null
  const index = Number(key) - 1
  return index < SIZE * SIZE ? { x: index % SIZE, y: Math.floor(index / SIZE) } : null
}
