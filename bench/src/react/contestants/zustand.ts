import { memo } from 'react'
import { create } from 'zustand'
import { type ReactContestant, rowView, type RowState } from '../table.ts'
import { byId, withValues } from './records.ts'

/** zustand: one store, a selector per row. */
export const zustand: ReactContestant = {
  name: 'zustand',
  packageName: 'zustand',
  ours: false,
  note: 'selector per row',
  create(rows) {
    const useRows = create<{ rows: Readonly<Record<string, RowState>> }>(() => ({ rows: byId(rows) }))
    const Row = memo(({ id }: { id: string }) => {
      const row = useRows((state) => state.rows[id])
      return row === undefined ? null : rowView(row)
    })
    return {
      Row,
      set: (ids, value) => useRows.setState(({ rows: before }) => ({ rows: withValues(before, ids, value) })),
    }
  },
}
