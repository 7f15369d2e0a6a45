import { atom, createStore, Provider, useAtomValue } from 'jotai'
import { memo } from 'react'
import { type ReactContestant, rowView } from '../table.ts'

/** jotai: an atom per row. */
export const jotai: ReactContestant = {
  name: 'jotai',
  packageName: 'jotai',
  ours: false,
  note: 'atom per row',
  create(rows) {
    const store = createStore()
    const atoms = new Map(rows.map((row) => [row.id, atom(row)]))
    const none = atom(null)
    const Row = memo(({ id }: { id: string }) => {
      const row = useAtomValue(atoms.get(id) ?? none)
      return row === null ? null : rowView(row)
    })
    return {
      Row,
      Provider: ({ children }) => <Provider store={store}>{children}</Provider>,
      set(ids, value) {
        for (const id of ids) {
          const one = atoms.get(id)
          if (one !== undefined) store.set(one, (row) => ({ ...row, value }))
        }
      },
    }
  },
}
