import type { Client, KeyOf, Path, PathOf, StoreDef, ValueAt } from '@rivulet/client'
import { memo, useDebugValue, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useClient } from './context.ts'
import type { Group, Key } from './group-keys.ts'
import { createGroupMemory, groupSource } from './group-source.ts'
import { pathOf } from './path-of.ts'
import { describeQuery } from './store-query.ts'
import { useOrigin } from './use-origin.ts'

/** Props of {@link For}. */
export interface ForProps<S, P extends PathOf<S>> {
  /** The store, and the path of a map, a set or a list in it. */
  readonly each: readonly [def: StoreDef<S>, path: P]
  /** A row, by its key: the key of a map, the member of a set, the index in a list. */
  readonly children: (key: KeyOf<ValueAt<S, P>>) => ReactNode
  /** Shown while there are no rows. */
  readonly fallback?: ReactNode
}

/**
 * Renders a row for each key of a map or set, or each index of a list, in their order. It renders when keys come, go or move, never when an element changes: rows read what they show by themselves.
 *
 * Rows are divided into groups of about a hundred. React looks at all siblings of what it renders, so one row of ten thousand costs a fraction of what it costs in a flat list. A row keeps its state while its key is
 * there; only one that has been moved past rows of other groups may be mounted anew.
 *
 * `children` should be the same function in every render (declared outside, or React Compiler): another one renders all rows.
 *
 * @throws RivuletError `config` when there is no `RivuletProvider` above; `path` when `each` leads to no map, set or list.
 *
 * @example
 * <For each={[FleetStore, 'boats']} fallback={<p>No boats</p>}>{(id) => <Boat id={id} />}</For>
 */
export function For<S, const P extends PathOf<S>>(props: ForProps<S, P>): ReactNode {
  return useRowsOf(useClient(), props as unknown as AnyForProps)
}

/** {@link ForProps} of any store. */
export interface AnyForProps {
  readonly each: readonly [def: StoreDef, path: string | Path]
  readonly children: RowOf
  readonly fallback?: ReactNode
}

type RowOf = (key: Key) => ReactNode

/** What {@link For} renders, with the client in hand. */
export function useRowsOf(client: Client, { each: [def, path], children, fallback }: AnyForProps): ReactNode {
  const [memory] = useState(createGroupMemory)
  useOrigin(client, memory, 'For')
  const source = groupSource(memory, client.store(def), pathOf(path))
  const groups = useSyncExternalStore(source.subscribe, source.get, source.getServer)
  useDebugValue(path, (shown) => describeQuery(def.name, shown))
  if (groups.length === 0) return fallback
  return groups.map((group) => <Rows key={group.id} group={group} row={children} />)
}

const Rows = /* @__PURE__ */ memo(function Rows({
  group,
  row,
}: {
  readonly group: Group
  readonly row: RowOf
}): ReactNode {
  return group.keys.map((key) => <Row key={String(key)} of={key} row={row} />)
})

// So that a row renders only when its own key or function is another one.
const Row = /* @__PURE__ */ memo(function Row({ of, row }: { readonly of: Key; readonly row: RowOf }): ReactNode {
  return row(of)
})
