import { useStore } from '@nanostores/react'
import { atom } from 'nanostores'
import { memo } from 'react'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** nanostores: an atom per row. */
export const nanostores: ReactContestant = {
  name: 'nanostores',
  packageName: 'nanostores',
  ours: false,
  note: 'atom per row',
  create(rows) {
    const atoms = new Map(rows.map((row) => [row.id, atom<RowState | null>(row)]))
    const none = atom<RowState | null>(null)
    const Row = memo(({ id }: { id: string }) => {
      const row = useStore(atoms.get(id) ?? none)
      return row === null ? null : rowView(row)
    })
    return {
      Row,
      set(ids, value) {
        for (const id of ids) {
          const one = atoms.get(id)
          const row = one?.get()
          if (row) one?.set({ ...row, value })
        }
      },
    }
  },
}
