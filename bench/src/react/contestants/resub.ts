import { memo } from 'react'
import { autoSubscribe, AutoSubscribeStore, key, StoreBase, withResubAutoSubscriptions } from 'resub'
import { type ReactContestant, rowView, type RowState } from '../table.ts'

/** Rows by id, triggered by id. */
class RowStore extends StoreBase {
  readonly #rows: Map<string, RowState>

  constructor(rows: readonly RowState[]) {
    super()
    this.#rows = new Map(rows.map((row) => [row.id, row]))
  }

  row(id: string): RowState | undefined {
    return this.#rows.get(id)
  }

  set(ids: readonly string[], value: number): void {
    for (const id of ids) {
      const row = this.#rows.get(id)
      if (row !== undefined) this.#rows.set(id, { ...row, value })
    }
    this.trigger([...ids])
  }
}

// ReSub's decorators are of the legacy kind, which type-stripping does not do; applied by hand they are the same calls.
const getter = Object.getOwnPropertyDescriptor(RowStore.prototype, 'row')
if (getter === undefined) throw new Error('RowStore has no getter to subscribe to.')
key(RowStore.prototype, 'row', 0)
Object.defineProperty(RowStore.prototype, 'row', autoSubscribe(RowStore.prototype, 'row', getter) ?? getter)
AutoSubscribeStore(RowStore)

/** ReSub: a keyed store, rows that subscribe to the key they read. */
export const resub: ReactContestant = {
  name: 'ReSub',
  packageName: 'resub',
  ours: false,
  note: '@key getter',
  create(rows) {
    const store = new RowStore(rows)
    const Row = memo(
      withResubAutoSubscriptions(({ id }: { id: string }) => {
        const row = store.row(id)
        return row === undefined ? null : rowView(row)
      }),
    )
    return { Row, set: (ids, value) => store.set(ids, value) }
  },
}
