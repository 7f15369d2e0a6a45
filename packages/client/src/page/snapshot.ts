import type { Path, RivuletError, StoreDef } from '@rivulet/wire'
import type { Client } from './types.ts'

/** A value that is there, even when it is undefined. */
export interface Known {
  readonly value: unknown
}

/**
 * State that did not come over the client's connection: what a server has rendered with. Only its shape is known to the page's stores; what fills it is loaded by pages and
 * servers that render on servers (ssr.ts).
 */
export interface Snapshot {
  /** What a server renders at `path`, and what a page hydrates with: it never changes. Undefined: the snapshot says nothing. */
  initial(def: StoreDef, path: Path): Known | undefined
  /** The same, until live data has taken its place. */
  held(def: StoreDef, path: Path): Known | undefined
  /** Live data of `path` has arrived. */
  superseded(def: StoreDef, path: Path): void
}

/** Where a client keeps its snapshot, if it has one. */
export interface SnapshotCell {
  current: Snapshot | undefined
  /** The client that loads what is missing; the cell's own when absent. */
  source?: Client
  /** Tells the app what is wrong with the snapshot, where the client tells of other problems. */
  readonly report: (error: RivuletError) => void
}

/** Registered, because two copies of this package on one page share their clients. */
export const SNAPSHOT: unique symbol = Symbol.for('rivulet.client.snapshot') as never

/** A client as those see it who fill its snapshot. */
export interface WithSnapshot {
  readonly [SNAPSHOT]: SnapshotCell
}
