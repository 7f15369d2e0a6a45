import type { StoreBase } from 'resub'

/** One auto-subscribing getter that a component has called: a store and the key of the getter. */
export interface Read {
  readonly store: StoreBase
  readonly key: string
}

/** A store that can tell whether a key has changed; other ReSub stores cannot. */
interface Versioned {
  versionOf(key: string): number
}

/** What one component reads, for `useSyncExternalStore`. */
export interface ReadsSource {
  readonly reads: readonly Read[]
  readonly subscribe: (onChange: () => void) => () => void
  /** A number that differs whenever one of the reads may differ. */
  readonly stamp: () => number
}

/** What a component keeps from render to render: the source that React has subscribed to last. */
export interface ReadsMemory {
  committed: ReadsSource | null
}

// One clock for all components, so that stamps of two sources never look the same by accident.
let clock = 0

/** The source of these reads: the one that the component is subscribed to when it reads the same again. */
export function readsSource(memory: ReadsMemory, reads: readonly Read[]): ReadsSource {
  const known = memory.committed
  return known !== null && sameReads(known.reads, reads) ? known : createSource(memory, reads)
}

function createSource(memory: ReadsMemory, reads: readonly Read[]): ReadsSource {
  let versions = reads.map(versionOf)
  let stamp = ++clock
  const source: ReadsSource = {
    reads,
    stamp() {
      const now = reads.map(versionOf)
      if (now.some((version, i) => version !== versions[i])) {
        versions = now
        stamp = ++clock
      }
      return stamp
    },
    subscribe(onChange) {
      memory.committed = source
      const hear = (): void => {
        stamp = ++clock
        onChange()
      }
      const tokens = reads.map(({ store, key }) => store.subscribe(hear, key))
      // A store without versions cannot say whether it has changed since the render, so React is made to look again, once.
      if (!reads.every(({ store }) => isVersioned(store))) stamp = ++clock
      return () => {
        for (const [i, { store }] of reads.entries()) store.unsubscribe(tokens[i] as number)
      }
    },
  }
  return source
}

function versionOf({ store, key }: Read): number {
  return isVersioned(store) ? store.versionOf(key) : 0
}

function isVersioned(store: StoreBase): store is StoreBase & Versioned {
  return typeof (store as Partial<Versioned>).versionOf === 'function'
}

function sameReads(a: readonly Read[], b: readonly Read[]): boolean {
  return a.length === b.length && a.every(({ store, key }, i) => b[i]?.store === store && b[i].key === key)
}
