import { useStore } from '@rivulet/react'
import type { ReactNode, Ref } from 'react'
import type { Cell } from '../game/outcome.ts'
import { BoardStore } from '../game/schema.ts'
import { Token } from './token.tsx'

/** Props of {@link BoardCell}. */
export interface BoardCellProps {
  readonly cell: Cell
  /** Whether Tab leads here; exactly one cell of the board is. */
  readonly tabStop: boolean
  readonly winning: boolean
  readonly locked: boolean
  readonly buttonRef: Ref<HTMLButtonElement>
  readonly onPlace: (cell: Cell) => void
  readonly onFocus: (cell: Cell) => void
}

/** One cell. It reads nothing but its own token, so a move renders one cell. */
export function BoardCell({ cell, tabStop, winning, locked, buttonRef, onPlace, onFocus }: BoardCellProps): ReactNode {
  const { x, y } = cell
  const token = useStore(BoardStore, ['board', y, x]) ?? ''
  const what = token === '' ? 'empty' : token
  return (
    <td className={winning ? 'winning' : undefined}>
      <button
        ref={buttonRef}
        type="button"
        className="cell"
        data-token={token}
        tabIndex={tabStop ? 0 : -1}
        aria-label={`Row ${y + 1}, column ${x + 1}: ${what}${winning ? ', winning line' : ''}`}
        // Not `disabled`: a player who uses the keyboard must still be able to look at every cell.
        aria-disabled={locked}
        onClick={() => onPlace(cell)}
        onFocus={() => onFocus(cell)}
      >
        <Token token={token} />
      </button>
    </td>
  )
}
