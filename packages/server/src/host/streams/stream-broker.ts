import type { Viewer } from '../viewer.ts'

/** What a broker is asked for. */
export interface StreamOpening {
  readonly store: string
  readonly stream: string
  readonly key: string
  readonly viewer: Viewer
  /** The viewer's access level now. */
  readonly level: number
  /** Aborted when nobody wants the stream any more. A lease that is returned all the same is closed at once. */
  readonly signal: AbortSignal
}

/** Where and with what right a page reads a stream, until it is closed. */
export interface StreamLease {
  readonly leaseID: string
  readonly url: string
  readonly token: string
  /** Unix milliseconds; 0 = until the lease is closed. */
  readonly expiresAtUnixMilli: number
  readonly metadata?: Readonly<Record<string, string>>
  /** Called once, when the subscription ends. A failure is reported, not repeated. */
  close(): void | Promise<void>
}

/** Gives out endpoints of high-bandwidth streams, whose payload does not go over this host's socket (session.md §8). */
export interface StreamBroker {
  /** Throwing (or rejecting) refuses the stream with the error's text. */
  open(opening: StreamOpening): StreamLease | Promise<StreamLease>
}
