import { type Dispatch, memo, type SetStateAction, useEffect, useState } from 'react'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** React's own floor: a `useState` in each row, set directly. No library, no sharing of state between components. */
export const useStateFloor: ReactContestant = {
  name: 'useState per row',
  packageName: 'react',
  ours: false,
  note: 'the floor; shares nothing',
  create(rows) {
    const initial = new Map(rows.map((row) => [row.id, row]))
    const setters = new Map<string, Dispatch<SetStateAction<RowState | undefined>>>()
    const Row = memo(({ id }: { id: string }) => {
      const [row, setRow] = useState(() => initial.get(id))
      useEffect(() => {
        setters.set(id, setRow)
        return () => void setters.delete(id)
      }, [id])
      return row === undefined ? null : rowView(row)
    })
    return {
      Row,
      set(ids, value) {
        for (const id of ids) setters.get(id)?.((row) => (row === undefined ? row : { ...row, value }))
      },
    }
  },
}
