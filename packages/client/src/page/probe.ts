import type { Path } from '@rivulet/wire'
import type { StoreCore } from './page-store.ts'
import type { Client } from './types.ts'

/**
 * What a client shows to tools on its page: devtools find every client of the page in {@link probes}, in whatever order they are loaded, also clients of another copy of the package.
 */

/**
 * Of {@link Probe} and {@link ProbeObserver}. Tools leave alone what has another one.
 *
 * @example
 * const known = [...pageProbes().clients].filter((probe) => probe.version === PROBE_VERSION)
 */
export const PROBE_VERSION = 1

/**
 * Where the page keeps its probes; `pageProbes()` finds or makes them there.
 *
 * @example
 * globalThis[PROBES]?.clients.size
 */
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
  /**
   * The engine's feed (feed-protocol.ts) goes to `port` from now on, or as soon as an engine that is starting runs. Never resolves: rejects when that engine ends, when there is none, and when the port cannot be sent;
   * ask again then, with another port.
   */
  inspect(port: MessagePort): Promise<never>
  /** From now on `observer` hears what happens on the page; returns what ends that. Nothing is measured while nobody observes. */
  observe(observer: ProbeObserver): () => void
  /** Everybody who listens to a store now. */
  subscribers(store: string): readonly ProbeSubscriber[]
  /**
   * Shows these values over the host's, in order, to everybody who reads the store; an empty list shows the host's again. They stay on this page: the host never hears of them. A write of the empty path replaces
   * the whole state. The changes of optimistic calls are shown over them. What the engine works out (`storeKeys`, `storeSize`, `storeDiff`) does not follow: it is made of the host's values, in the worker. So does no
   * status: a path that is loading still is. Throws `unknown-store`, `path` for a path that leads nowhere, and the wire's errors for bytes that are no value of the place; then what was shown stays.
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
  /** Listeners by who they are; null for those that say nothing of themselves. At most 1000. */
  readonly origins: readonly (ProbeOrigin | null)[]
  /** So many more listen. */
  readonly others?: number
  /** What is followed is not the value but what the engine works out about it: `storeKeys` and the like. */
  readonly list?: true
}

/** Who made a subscription: one for each hook of a component instance, and one for each function that `subscribe` was called with. Plain data only once its properties have been read one by one. */
export interface ProbeOrigin {
  /** Unique on the page. */
  readonly id: number
  /** Of the component, or of the function that subscribed. */
  readonly name: string
  /** Where its source is, as far as the stack says: `file:line:column`. */
  readonly source?: string | undefined
  /** How it was asked for: `useStore`, `useStoreKeys`. */
  readonly hook?: string | undefined
  /** How often it ran: for a hook, renders of its component. */
  readonly runs: number
}

/** A path that a patch changed, and who heard. */
export interface ProbeChange {
  readonly store: string
  readonly path: Path
  /** At most 50. */
  readonly origins: readonly (ProbeOrigin | null)[]
  /** So many more heard of it. */
  readonly others?: number
  /** As in {@link ProbeSubscriber}. */
  readonly list?: true
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
