import { memo } from 'react'
import { proxy, useSnapshot } from 'valtio'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** valtio: one proxy of all rows, a snapshot of its own row in each component. */
export const valtio: ReactContestant = {
  name: 'valtio',
  packageName: 'valtio',
  ours: false,
  note: 'snapshot per row',
  create(rows) {
    const state = proxy(Object.fromEntries(rows.map((row) => [row.id, { ...row }])))
    const known = (id: string): { -readonly [K in keyof RowState]: RowState[K] } => {
      const row = state[id]
      if (row === undefined) throw new Error(`There is no row ${id}.`)
      return row
    }
    const Row = memo(({ id }: { id: string }) => rowView(useSnapshot(known(id))))
    return {
      Row,
      set(ids, value) {
        for (const id of ids) known(id).value = value
      },
    }
  },
}
