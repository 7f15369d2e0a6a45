import type { int32 } from '@rivulet/wire'

/** What a row of the React benchmark shows. @restream.partials */
export interface Row {
  readonly id: string
  readonly name: string
  readonly value: int32
}

/** The table of the React benchmark. @restream.store(Rows) */
export interface RowsStoreState {
  readonly rows: ReadonlyMap<string, Row>
}
