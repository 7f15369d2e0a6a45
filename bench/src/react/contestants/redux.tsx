import { memo } from 'react'
import { Provider, useSelector } from 'react-redux'
import { type Action, legacy_createStore } from 'redux'
import { type ReactContestant, rowView } from '../table.ts'
import { byId, type Rows, withValues } from './records.ts'

interface SetValues extends Action<'set'> {
  readonly ids: readonly string[]
  readonly value: number
}

/** redux with react-redux: one store, a selector per row. */
export const redux: ReactContestant = {
  name: 'react-redux',
  packageName: 'react-redux',
  ours: false,
  note: 'selector per row',
  create(rows) {
    const store = legacy_createStore((state: Rows | undefined, action: SetValues | Action): Rows => {
      if (state === undefined) return byId(rows)
      return 'ids' in action ? withValues(state, action.ids, action.value) : state
    })
    const Row = memo(({ id }: { id: string }) => {
      const row = useSelector((state: Rows) => state[id])
      return row === undefined ? null : rowView(row)
    })
    return {
      Row,
      Provider: ({ children }) => <Provider store={store}>{children}</Provider>,
      set: (ids, value) => void store.dispatch({ type: 'set', ids, value } satisfies SetValues),
    }
  },
}
