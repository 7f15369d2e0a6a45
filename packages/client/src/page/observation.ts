import type { PathNode } from './path-node.ts'
import type { StoreCore } from './page-store.ts'
import type { Client } from './types.ts'

/**
 * What a client notes for tools on its page (probe.ts), and nothing else of them: the rest is loaded apart, and only while developing. A client without the option `devtools` has no observation, and pays one
 * comparison where it would be asked.
 */
export interface Observation {
  /** Patches of this page at its engine so far: each engine counts from 1. */
  patches: number
  /** The patch whose listeners run now; 0 between patches. */
  patching: number
  /** Who subscribes now, where that is known better than from the stack. */
  origin: Origin | undefined
  /** Who is behind a listener. */
  readonly origins: WeakMap<() => void, Origin>
  /** What the engine works out for somebody; these nodes are in no trie. */
  readonly lists: Map<PathNode, StoreCore>
  /** There while somebody observes. */
  watch: PatchWatch | undefined
  /** What hooks and their subscriptions mean; there once that is loaded. Until then hooks are counted as they come. */
  hooks: HookWatch | undefined
}

/** Hears of hooks. */
export interface HookWatch {
  /** The hook of `origin` runs. */
  ran(origin: Origin): void
  /** A listener of `origin` is called; `get` is what its hook answers now. */
  told(origin: Origin, get: () => unknown): void
}

/** Hears what happens on a page, in the middle of it. */
export interface PatchWatch {
  began(bytes: number): void
  /** A patch has changed what somebody may listen to. */
  changed(store: StoreCore, node: PathNode): void
  applied(): void
  notified(): void
  /** A hook of `origin` ran; `cause` is the patch that told it to, if one did. */
  ran(origin: Origin, cause: number | undefined): void
}

/** Who subscribed. */
export interface Origin {
  /** How it was asked for. */
  readonly hook?: string
  /** Its name, where something else than the stack says it. */
  readonly name?: string
  /** Made where it subscribed or rendered first. Its stack is looked at when somebody asks for the name, which is what costs. */
  readonly trace: Error
  /** How often its hook ran. */
  runs: number
  /** React renders this instance twice each time, to find what is not pure. */
  readonly doubled?: boolean
}

/** Registered, because two copies of this package on one page share their clients. */
export const OBSERVATION: unique symbol = Symbol.for('rivulet.client.observation') as never

/** A client as those see it who note something. */
export interface WithObservation {
  readonly [OBSERVATION]: Observation | undefined
}

/** Starts to note; see {@link Observation}. */
export function createObservation(): Observation {
  return {
    patches: 0,
    patching: 0,
    origin: undefined,
    origins: new WeakMap(),
    lists: new Map(),
    watch: undefined,
    hooks: undefined,
  }
}

/**
 * What `client` notes; undefined unless it was made with the option `devtools`. For packages that subscribe on behalf of components.
 *
 * @example
 * observationOf(client)?.hooks?.ran(origin)
 */
export function observationOf(client: Client): Observation | undefined {
  return (client as Partial<WithObservation>)[OBSERVATION]
}

/** Notes who is behind a listener: whoever is known to subscribe, else whoever is on the stack. */
export function noteListener({ origin, origins }: Observation, listener: () => void): void {
  if (!origins.has(listener)) origins.set(listener, origin ?? { trace: new Error(), runs: 0 })
}
