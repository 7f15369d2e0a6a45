import type { LedgerStoreState } from '../generated/schema.ts'
import type { HostKind } from './ledger-host.ts'

/** How a call ended: what the host answered, or the code of the error. */
export type CallEnd = { readonly ran: number } | { readonly failed: string }

/** A viewer of the ledger under test. */
export interface Follower {
  readonly name: string
  /** What it shows now, as far as it follows it; null before the first value. */
  view(): Partial<LedgerStoreState> | null
  /** Whether it believes that what it shows is current. */
  live(): boolean
  /** Times at which it showed something that the host never had. */
  readonly torn: readonly string[]
  /** Changes that it heard of. */
  readonly changes: number
  /** Problems it reported, as codes. */
  readonly errors: readonly string[]
  /** How its attaches to a session ended, oldest first; absent when it has none. Our client does not say `refused`: it begins afresh at once. */
  readonly attaches?: readonly ('created' | 'resumed' | 'refused')[]
  /** Calls that have not ended. */
  readonly pending: number
  /** Runs `Credit` with this id; always ends, within `timeoutMs`. */
  credit(id: string, timeoutMs: number): Promise<CallEnd>
  close(): Promise<void>
}

/** A sort of viewer, and the host that it speaks to. */
export interface FollowerKind {
  readonly name: string
  readonly host: HostKind
  /** Store subscriptions that it holds while it follows. */
  readonly keys: number
  /** Whether every call runs and is answered, however long the network is gone, as long as the session lives. */
  readonly callsSurvive: boolean
  readonly open: (port: number) => Follower
}
