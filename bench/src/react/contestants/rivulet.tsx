import { createClient } from '@rivulet/client'
import { createHooks, RivuletProvider, useStore } from '@rivulet/react'
import { memo } from 'react'
import { patchingEngine } from '../rivulet/patching-engine.ts'
import { RowsStore } from '../../generated/schema.ts'
import { type ReactContestant, type RowState, rowView, type TableModel } from '../table.ts'

async function create(rows: readonly RowState[], provided: boolean): Promise<TableModel> {
  const engine = patchingEngine(rows)
  const client = createClient({ url: location.origin, worker: engine.worker, graceMs: 0 })
  const store = client.store(RowsStore)
  // Like the others, it has its data before the first render; from then on only the rows themselves are followed.
  const letGo = store.subscribe([], () => undefined)
  await store.ready([])
  const useRow = provided ? useStore : createHooks(client).useStore
  const Row = memo(({ id }: { id: string }) => {
    const row = useRow(RowsStore, ['rows', id])
    return row === undefined ? null : rowView(row)
  })
  return {
    Row,
    ...(provided
      ? { Provider: ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider> }
      : undefined),
    async mounted() {
      letGo()
      await Promise.all(rows.map(({ id }) => store.ready(['rows', id])))
    },
    prepare: engine.change,
    set: engine.send,
    dispose: () => client.dispose(),
  }
}

/** Rivulet: a path per row. Its figures begin where the engine hands its patch over, so they include the message to the page and decoding. */
export const rivulet: ReactContestant = {
  name: 'rivulet',
  packageName: '@rivulet/react',
  ours: true,
  note: 'path per row, from the encoded patch on',
  create: (rows) => create(rows, true),
}

/** The same with the hooks of `createHooks`, which read no context. */
export const rivuletHooks: ReactContestant = {
  name: 'rivulet, createHooks',
  packageName: '@rivulet/react',
  ours: true,
  note: 'no provider',
  create: (rows) => create(rows, false),
}
