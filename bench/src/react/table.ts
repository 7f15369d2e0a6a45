import type { ComponentType, ReactNode } from 'react'
import { createElement, memo } from 'react'

/** What a row shows. */
export interface RowState {
  readonly id: string
  readonly name: string
  readonly value: number
}

/** A mounted table's state under one library. */
export interface TableModel {
  /** One row: reads its state by the library's recommended hook and shows it with {@link rowView}. */
  readonly Row: ComponentType<{ id: string }>
  /** All rows, where the library has a component for lists; one {@link TableModel.Row} per id otherwise. */
  readonly Rows?: ComponentType
  /** Around the rows, where the library wants a provider. */
  readonly Provider?: ComponentType<{ children: ReactNode }>
  /** What another thread or machine does before the page hears of an update; not timed. */
  readonly prepare?: (ids: readonly string[], value: number) => void
  /** Gives these rows a new value, as one update, the way the library recommends. */
  set(ids: readonly string[], value: number): void
  /** Called once the rows are on the page and their effects have run. */
  readonly mounted?: () => Promise<void>
  readonly dispose?: () => Promise<void>
}

/** One library. */
export interface ReactContestant {
  readonly name: string
  readonly packageName: string
  readonly ours: boolean
  readonly note?: string
  /** State for these rows; resolves when the first render can show all of them. */
  create(rows: readonly RowState[]): TableModel | Promise<TableModel>
}

/** The same elements for everybody; a function, not a component, so that nobody pays for a level more. */
export function rowView({ id, name, value }: RowState): ReactNode {
  return createElement('li', { 'data-id': id }, name, ' ', createElement('b', null, value))
}

/** All rows. It never renders again: what is measured is the library finding the rows that changed. */
export const Table: ComponentType<{ ids: readonly string[]; model: TableModel }> = memo(({ ids, model }) => {
  const { Row, Rows, Provider } = model
  const list = createElement(
    'ul',
    null,
    Rows === undefined ? ids.map((id) => createElement(Row, { key: id, id })) : createElement(Rows),
  )
  return Provider === undefined ? list : createElement(Provider, null, list)
})
