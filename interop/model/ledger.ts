import type { int32 } from '@rivulet/wire'

/** Two numbers whose sum is always 0. @restream.partials */
export interface Row {
  readonly left: int32
  readonly right: int32
  readonly note: string
}

/** A state full of invariants, so that a page that mixes two moments shows: the store that all fault tests follow. @restream.store(LedgerStore) */
export interface LedgerStoreState {
  /** Which life of the host this is: it grows with every restart. */
  readonly epoch: int32
  readonly tick: int32
  /** Always equal to `tick`. */
  readonly mirror: int32
  /** The sum of all `left`. */
  readonly total: int32
  readonly rows: ReadonlyMap<string, Row>
  /** How often each call ran, by the id that its caller gave it. */
  readonly credits: ReadonlyMap<string, int32>
}

/** @restream.rpc() */
export interface LedgerCalls {
  /** Runs once and says how often calls of this id have run. */
  credit(id: string): int32
}
