import { observable, runInAction } from 'mobx'
import { observer } from 'mobx-react-lite'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** mobx: observable rows, changed in place, and observer components. */
export const mobx: ReactContestant = {
  name: 'mobx',
  packageName: 'mobx',
  ours: false,
  note: 'observer per row',
  create(rows) {
    const state = observable.map(
      rows.map((row) => [row.id, { ...row }] as [string, { -readonly [K in keyof RowState]: RowState[K] }]),
    )
    const Row = observer(({ id }: { id: string }) => {
      const row = state.get(id)
      return row === undefined ? null : rowView(row)
    })
    return {
      Row,
      set: (ids, value) =>
        runInAction(() => {
          for (const id of ids) {
            const row = state.get(id)
            if (row !== undefined) row.value = value
          }
        }),
    }
  },
}
