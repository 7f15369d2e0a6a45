import type { int32 } from '@rivulet/wire'

/** A store with one field of each shape that may get lost in its own way. @restream.store(ledger) */
export interface AccountStoreState {
  readonly title: string
  readonly count: int32
  readonly rows: ReadonlyMap<string, int32> | null
  readonly marks: readonly int32[] | null
}

/** A second store of the same shape. @restream.store(other) */
export interface OtherStoreState extends AccountStoreState {}

/** @restream.rpc() */
export interface AccountCalls {
  book(n: int32): int32
}

/** @restream.event() */
export interface AccountEvents {
  tick(n: int32): void
}

/** @restream.keyedEvent(ledger) */
export interface AccountBells {
  /** @name Bell */
  bell(key: string, n: int32): void
}
