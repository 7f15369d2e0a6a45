import { memo, useSyncExternalStore } from 'react'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** What React asks of a store outside it, by hand: a listener per row, nothing else. No library that uses `useSyncExternalStore` can be faster. */
export const useSyncExternalStoreFloor: ReactContestant = {
  name: 'useSyncExternalStore per row',
  packageName: 'react',
  ours: false,
  note: 'the floor of every store outside React',
  create(rows) {
    const state = new Map(rows.map((row) => [row.id, row]))
    const listeners = new Map<string, () => void>()
    const sources = new Map(
      rows.map(({ id }) => [
        id,
        {
          subscribe: (listener: () => void) => {
            listeners.set(id, listener)
            return () => void listeners.delete(id)
          },
          get: () => state.get(id) as RowState,
        },
      ]),
    )
    const Row = memo(({ id }: { id: string }) => {
      const source = sources.get(id)
      if (source === undefined) throw new Error(`There is no row ${id}.`)
      return rowView(useSyncExternalStore(source.subscribe, source.get))
    })
    return {
      Row,
      set(ids, value) {
        for (const id of ids) {
          const row = state.get(id)
          if (row !== undefined) state.set(id, { ...row, value })
        }
        for (const id of ids) listeners.get(id)?.()
      },
    }
  },
}
