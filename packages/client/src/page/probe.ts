import type { Path } from '@rivulet/wire'
import type { StoreCore } from './page-store.ts'
import type { Client } from './types.ts'

/**
 * What a client shows to tools on its page: devtools find every client of the page in {@link probes}, in whatever order they are loaded, also clients of another copy of the package.
 */

/** Of {@link Probe} and {@link ProbeObserver}. Tools leave alone what has another one. */
export const PROBE_VERSION = 1

/** Where the page keeps its probes. */
export const PROBES: unique symbol = Symbol.for('rivulet.probes')

/** The clients of a page, and who wants to hear of them. */
export interface Probes {
  readonly clients: Set<Probe>
  /** Called with a client that was made, or has ended. */
  readonly listeners: Set<(probe: Probe, step: 'made' | 'ended') => void>
}

/** One client. */
export interface Probe {
  readonly version: number
  /** Unique on the page. */
  readonly id: string
  readonly url: string
  readonly client: Client
  /** The engine's feed (feed-protocol.ts) goes to `port` from now on. Rejects while there is no engine, and when it ends; ask again then. */
  inspect(port: MessagePort): Promise<void>
  /** From now on `observer` hears what happens on the page; returns what ends that. Nothing is measured while nobody observes. */
  observe(observer: ProbeObserver): () => void
  /** Everybody who listens to a store now. */
  subscribers(store: string): readonly ProbeSubscriber[]
  /**
   * Shows these values over the host's, in order, to everybody who reads the store; an empty list shows the host's again. They stay on this page: the host never hears of them. A write of the empty path replaces
   * the whole state. Throws `unknown-store`, or `path` for a path that leads nowhere.
   */
  show(store: string, writes: readonly ProbeWrite[]): void
}

/** A value in a place of a store; `bytes` as the wire has values of the place's type, null = a map key or list end that is gone. */
export interface ProbeWrite {
  readonly path: Path
  readonly bytes: Uint8Array | null
}

/** Who listens to a path. */
export interface ProbeSubscriber {
  readonly path: Path
  readonly status: ReturnType<StoreCore['page']['status']>
  /** Stamp of its last change; 0 = nothing is known. */
  readonly version: number
  /** Listeners by who they are; null for those that say nothing of themselves. */
  readonly origins: readonly (ProbeOrigin | null)[]
}

/** Who made a subscription: one per component instance. */
export interface ProbeOrigin {
  /** Unique on the page. */
  readonly id: number
  /** Of the component, or of the function that subscribed. */
  readonly name: string
  /** Where its source is, as far as the stack says: `file:line:column`. */
  readonly source?: string
  /** How it was asked for: `useStore`, `useStoreKeys`. */
  readonly hook?: string
  /** How often it ran: for a hook, renders of its component. */
  readonly runs: number
}

/** A path that a patch changed, and who heard. */
export interface ProbeChange {
  readonly store: string
  readonly path: Path
  readonly origins: readonly (ProbeOrigin | null)[]
}

/** Hears what happens on the page, at once and in the middle of it: it must be quick and must not throw. Times in milliseconds, as of `performance.now()`. */
export interface ProbeObserver {
  /** A patch is in and everybody has heard. `number` counts the patches of this page at its engine from 1 (`PatchEntry.number`). */
  patch(patch: {
    readonly number: number
    readonly bytes: number
    readonly began: number
    /** Reading it and marking what changed. */
    readonly applied: number
    /** Until every listener had been called. */
    readonly notified: number
    /** At most 200 of the paths that somebody listens to; the rest is `more`. */
    readonly changes: readonly ProbeChange[]
    readonly more: number
  }): void
  /** The microtasks after patch `number` are done, and with them React's synchronous renders. */
  settled(number: number, at: number): void
  /** A hook of `origin` ran. `cause` = the patch after which it was told to; absent: something else made its component render. */
  ran(origin: ProbeOrigin, cause?: number): void
}
