import { createClient, type Client } from '@rivulet/client'
import { createHooks, For, RivuletProvider, Text, useStore } from '@rivulet/react'
import { type ComponentType, memo } from 'react'
import { type PatchingEngine, patchingEngine } from '../rivulet/patching-engine.ts'
import { RowsStore } from '../../generated/schema.ts'
import { type ReactContestant, type RowState, rowView, type TableModel } from '../table.ts'

type Parts = Pick<TableModel, 'Row' | 'Rows'>

/** A table whose rows are made of `parts`; `follows` are the paths that they read, apart from the rows. */
async function create(
  rows: readonly RowState[],
  provided: boolean,
  parts: (client: Client) => Parts,
  pathsOf: (id: string) => readonly ['rows', string] | readonly ['rows', string, 'value'],
): Promise<TableModel> {
  const engine: PatchingEngine = patchingEngine(rows)
  const client = createClient({ url: location.origin, worker: engine.worker, graceMs: 0 })
  const store = client.store(RowsStore)
  // Like the others, it has its data before the first render; from then on only what is read is followed.
  const letGo = store.subscribe([], () => undefined)
  await store.ready([])
  return {
    ...parts(client),
    ...(provided
      ? { Provider: ({ children }) => <RivuletProvider client={client}>{children}</RivuletProvider> }
      : undefined),
    async mounted() {
      letGo()
      await Promise.all(rows.map(({ id }) => store.ready(pathsOf(id))))
    },
    prepare: engine.change,
    set: engine.send,
    dispose: () => client.dispose(),
  }
}

const wholeRow = (id: string): readonly ['rows', string] => ['rows', id]

/** A row by `useStore`, the provider's or one that is bound to a client. */
function rowBy(useRow: typeof useStore): ComponentType<{ id: string }> {
  return memo(({ id }: { id: string }) => {
    const row = useRow(RowsStore, ['rows', id])
    return row === undefined ? null : rowView(row)
  })
}

/** Rivulet: a path per row. Its figures begin where the engine hands its patch over, so they include the message to the page and decoding. */
export const rivulet: ReactContestant = {
  name: 'rivulet',
  packageName: '@rivulet/react',
  ours: true,
  note: 'path per row, from the encoded patch on',
  create: (rows) => create(rows, true, () => ({ Row: rowBy(useStore) }), wholeRow),
}

/** The same with the hooks of `createHooks`, which read no context. */
export const rivuletHooks: ReactContestant = {
  name: 'rivulet, createHooks',
  packageName: '@rivulet/react',
  ours: true,
  note: 'no provider',
  create: (rows) => create(rows, false, (client) => ({ Row: rowBy(createHooks(client).useStore) }), wholeRow),
}

/** The same rows in `For`, which follows the keys of the map too. */
export const rivuletFor: ReactContestant = {
  name: 'rivulet, For',
  packageName: '@rivulet/react',
  ours: true,
  note: 'rows in groups; the map and a path per row',
  create: (rows) =>
    create(
      rows,
      true,
      () => {
        const Row = rowBy(useStore)
        const row = (id: string): ReturnType<typeof rowView> => <Row id={id} />
        return { Row, Rows: () => <For each={[RowsStore, 'rows']}>{row}</For> }
      },
      wholeRow,
    ),
}

/** A flat list whose values are written into the document past React. */
export const rivuletText: ReactContestant = {
  name: 'rivulet, Text',
  packageName: '@rivulet/react',
  ours: true,
  note: 'the value bound to its text node',
  create: (rows) =>
    create(
      rows,
      true,
      () => ({
        Row: memo(({ id }: { id: string }) => (
          <li data-id={id}>
            {/* As the others have it from their row; a name never changes here. */}
            {`Row number ${id.slice(1)}`} <Text of={[RowsStore, ['rows', id, 'value']]} as="b" />
          </li>
        )),
      }),
      (id) => ['rows', id, 'value'],
    ),
}
