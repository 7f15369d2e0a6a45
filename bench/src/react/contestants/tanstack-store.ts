import { createStore, useSelector } from '@tanstack/react-store'
import { memo } from 'react'
import { type ReactContestant, rowView } from '../table.ts'
import { byId, withValues } from './records.ts'

/** TanStack Store: one store, a selector per row. */
export const tanstackStore: ReactContestant = {
  name: 'TanStack Store',
  packageName: '@tanstack/react-store',
  ours: false,
  note: 'selector per row',
  create(rows) {
    const store = createStore(byId(rows))
    const Row = memo(({ id }: { id: string }) => {
      const row = useSelector(store, (state) => state[id])
      return row === undefined ? null : rowView(row)
    })
    return { Row, set: (ids, value) => store.setState((before) => withValues(before, ids, value)) }
  },
}
