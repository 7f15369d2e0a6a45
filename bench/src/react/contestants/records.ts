import type { RowState } from '../table.ts'

/** Rows as the record by id that immutable stores recommend. */
export type Rows = Readonly<Record<string, RowState>>

/** Rows by id. */
export function byId(rows: readonly RowState[]): Rows {
  return Object.fromEntries(rows.map((row) => [row.id, row]))
}

/** `rows` with these ones at a new value, as a reducer returns it. */
export function withValues(rows: Rows, ids: readonly string[], value: number): Rows {
  const after: Record<string, RowState> = { ...rows }
  for (const id of ids) {
    const row = rows[id]
    if (row !== undefined) after[id] = { ...row, value }
  }
  return after
}
