import type { RivuletErrorCode } from '@rivulet/wire'
import type { Outbox } from './outbox.ts'
import type { Viewer } from './viewer.ts'

/**
 * Whom stores, events, calls and streams serve: a connection, or a session that outlives its connections. It holds the subscriptions, and it is told everything
 * in one order.
 */
export interface Peer {
  /** Who is there now. Throws `disconnected` when nobody is. */
  readonly viewer: Viewer
  readonly outbox: Pick<Outbox, 'put' | 'hold'>
  /** Aborted when the peer is gone for good. */
  readonly signal: AbortSignal
  /** Whether anything sent now can still arrive. */
  readonly open: boolean
  /** Whether what the peer was not told can still be told later, on another connection. */
  readonly resumable: boolean
  /** Whether the viewer counts what it gets, so that what was sent into a dying connection is sent again. */
  readonly counted: boolean
  storeSubscriptions: number
  keyedEventSubscriptions: number
  rpcs: number
  sends: number
  /**
   * Looks up the level and passes it on; at once when the lookup is synchronous. `lost` is called instead when the lookup failed or the peer went away meanwhile.
   */
  withLevel(proceed: (level: number) => void, lost?: () => void): void | Promise<void>
  /** An update of this store did not go out: what the viewer has is stale. */
  missed(store: string): void
  /** Closes the connection because of `why`. */
  drop(code: RivuletErrorCode, why: string, detail?: unknown): void
}
