import { useStore } from '@rivulet/react'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { CELLS, outcomeOf, SIZE, type Cell } from '../game/outcome.ts'
import { BoardStore } from '../game/schema.ts'
import { BoardCell } from './board-cell.tsx'
import { cellOfDigit, moveFocus } from './move-focus.ts'

const ROWS: readonly number[] = [...Array(SIZE).keys()]
const indexOf = ({ x, y }: Cell): number => y * SIZE + x

/** The board: a grid with one tab stop, arrow keys inside it, and the digits 1 to 9 from anywhere on the page. */
export function Board({
  ready,
  onPlace,
}: {
  readonly ready: boolean
  readonly onPlace: (cell: Cell) => void
}): ReactNode {
  const { state, line } = useStore(BoardStore, (game) => outcomeOf(game.board))
  const [focused, setFocused] = useState(0)
  const buttons = useRef(new Map<number, HTMLButtonElement>())
  const locked = !ready || state !== 'open'

  const focus = (cell: Cell): void => buttons.current.get(indexOf(cell))?.focus()
  const place = (cell: Cell): void => {
    if (!locked) onPlace(cell)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const from = CELLS[focused]
    const to = from === undefined || isChord(event) ? null : moveFocus(from, event.key)
    if (to === null) return
    event.preventDefault()
    focus(to)
  }

  const onDigit = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const cell = event.repeat || isChord(event) ? null : cellOfDigit(event.key)
    if (cell === null) return
    focus(cell)
    place(cell)
  })
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent): void => onDigit(event)
    globalThis.addEventListener('keydown', listener)
    return () => globalThis.removeEventListener('keydown', listener)
  }, [])

  return (
    <table className="board" role="grid" aria-label="Board" aria-busy={!ready} onKeyDown={onKeyDown}>
      <tbody>
        {ROWS.map((y) => (
          <tr key={y}>
            {CELLS.slice(y * SIZE, (y + 1) * SIZE).map((cell) => (
              <BoardCell
                key={cell.x}
                cell={cell}
                tabStop={indexOf(cell) === focused}
                winning={line?.some((of) => indexOf(of) === indexOf(cell)) ?? false}
                locked={locked}
                buttonRef={(button) => {
                  if (button === null) return undefined
                  buttons.current.set(indexOf(cell), button)
                  return () => void buttons.current.delete(indexOf(cell))
                }}
                onPlace={place}
                onFocus={(at) => setFocused(indexOf(at))}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A key together with a modifier belongs to the browser or the system. */
function isChord(event: { ctrlKey: boolean; altKey: boolean; metaKey: boolean }): boolean {
  return event.ctrlKey || event.altKey || event.metaKey
}
