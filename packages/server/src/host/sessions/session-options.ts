import type { Viewer } from '../viewer.ts'

/** Who a viewer is, beyond its connection. */
export interface SessionIdentity {
  /** The user or account; 1 to 1024 bytes. Only the same owner in the same scope may resume a session. */
  readonly ownerID: string
  /** What the session is for (a tenant, a device, a document); 1 to 1024 bytes. */
  readonly scopeID: string
  /** Access level; what `access` says without it. A session cannot be resumed with another level. */
  readonly accessLevel?: number
}

/** Why a session ended. */
export type SessionEnd =
  | 'detached timeout'
  | 'explicit close'
  | 'session aborted'
  | 'authenticated access changed'
  | 'manager shutdown'

/** A step in the life of a session. */
export interface SessionEvent {
  readonly kind: 'created' | 'attached' | 'detached' | 'closed'
  readonly sessionID: string
  readonly ownerID: string
  readonly scopeID: string
  /** Why it was closed; only then. */
  readonly reason?: SessionEnd
}

/** Sessions that outlive their connections (session.md §7). */
export interface SessionOptions {
  /** Says who has connected. Throwing, rejecting, or taking longer than the host's `accessTimeoutMs` refuses the session with the error's text. */
  readonly identify: (viewer: Viewer) => SessionIdentity | Promise<SessionIdentity>
  /** How long a session waits for its viewer to come back, in milliseconds. Default 60,000. */
  readonly detachedMs?: number
  /** Sessions of one owner in one scope. Default 64. */
  readonly perOwner?: number
  /** Sessions of the host. Default 10,000. */
  readonly total?: number
  /** Hears of every session's life, in order. */
  readonly onLifecycle?: (event: SessionEvent) => void
}
