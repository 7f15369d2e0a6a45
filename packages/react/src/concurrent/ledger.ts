import type { PageStore, Path } from '@rivulet/client'
import { pathKey } from '@rivulet/client/concurrent'

/** One followed path. Its identity stands for this time of being followed: a path that was given up and is followed again is another entry. */
export interface Entry {
  readonly path: Path
  readonly key: string
  /** With everything that has arrived. */
  value: unknown
  version: number
  readonly readers: Set<Reader>
  readonly stop: () => void
}

/** What one patch has changed of one entry. */
interface Change {
  readonly from: unknown
  readonly to: unknown
}

/** Whoever hears of patches of the entries that it reads. */
export interface Reader {
  hear(changes: Changes): void
}

/** One patch, as far as somebody reads what it changes. */
export type Changes = ReadonlyMap<Entry, Change>

/**
 * What concurrent components read of one store, and each patch of it as one set of changes: a change has to name what was there before, so that React can apply it to another state than the last.
 *
 * A patch costs a look at every entry, unlike with the default hook: knowing all changes of a patch at once is what keeps them together.
 */
export interface Ledger {
  readonly store: PageStore<unknown>
  find(key: string): Entry | undefined
  /** Follows a path for `reader`, once per reader and path. */
  follow(path: Path, reader: Reader): Entry
  unfollow(entry: Entry, reader: Reader): void
  /** Hears of every patch before the readers do. Returns what stops it. */
  listen(listener: (changes: Changes) => void): () => void
}

const ledgers = new WeakMap<PageStore<unknown>, Ledger>()

/** The ledger of a store; one for all. */
export function ledgerOf(store: PageStore<unknown>): Ledger {
  let ledger = ledgers.get(store)
  if (ledger === undefined) ledgers.set(store, (ledger = createLedger(store)))
  return ledger
}

function createLedger(store: PageStore<unknown>): Ledger {
  const entries = new Map<string, Entry>()
  const listeners = new Set<(changes: Changes) => void>()

  // One function for all paths, so the page calls it once per patch.
  const onPatch = (): void => {
    const changes = new Map<Entry, Change>()
    for (const entry of entries.values()) {
      const version = store.version(entry.path)
      if (version === entry.version) continue
      entry.version = version
      const from = entry.value
      const to = store.get(entry.path)
      if (Object.is(from, to)) continue
      entry.value = to
      changes.set(entry, { from, to })
    }
    if (changes.size === 0) return
    for (const listener of listeners) listener(changes)
    const readers = new Set<Reader>()
    for (const entry of changes.keys()) for (const reader of entry.readers) readers.add(reader)
    for (const reader of readers) reader.hear(changes)
  }

  return {
    store,
    find: (key) => entries.get(key),
    follow(path, reader) {
      const key = pathKey(path)
      let entry = entries.get(key)
      if (entry === undefined) {
        const stop = store.subscribe(path, onPatch)
        const value = store.get(path)
        entries.set(key, (entry = { path, key, value, version: store.version(path), readers: new Set(), stop }))
      }
      entry.readers.add(reader)
      return entry
    },
    unfollow(entry, reader) {
      entry.readers.delete(reader)
      if (entry.readers.size > 0) return
      // Not at once: what StrictMode mounts again, and what moves in the tree, is the same entry still.
      queueMicrotask(() => {
        if (entry.readers.size > 0 || entries.get(entry.key) !== entry) return
        entries.delete(entry.key)
        entry.stop()
      })
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
