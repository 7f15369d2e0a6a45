import type { RivuletError } from '@rivulet/wire'
import type { KeysChange, ListQuery, RowsChange } from '../list-query.ts'
import type { PathStatus } from '../protocol.ts'

/** Takes what the engine works out about a map, list or set. Nothing in here may throw. */
export interface ListSink {
  readonly query: ListQuery
  readonly keys?: (change: KeysChange) => void
  readonly rows?: (change: RowsChange) => void
  /** It is followed no longer: what came so far is out of date. */
  drop(): void
}

/** The line to the engine that feeds a {@link ListSink}. */
export interface ListLine {
  status(): PathStatus
  error(): RivuletError | undefined
  /** Keeps it followed until the returned function is called. `listener` runs once per patch that had something for the sink, and when the status changes. */
  subscribe(listener: () => void): () => void
}
