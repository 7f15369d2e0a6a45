import type { Path, PathPart } from '@rivulet/wire'
import type { RowsChange } from '../list-query.ts'
import { listAt } from './list-plan.ts'
import type { KeyAt, ListPath, StoreDiff } from './list-types.ts'
import { pathKey } from './path-key.ts'
import type { PathOf } from './path-types.ts'
import type { PageStore } from './types.ts'

/** The rows of one collection, shared by all who listen to what happens to them. */
interface Channel {
  /** The rows there are; null until that is known. */
  keys: ReadonlySet<PathPart> | null
  /** What the last patch brought; a new object each time. */
  last: StoreDiff<PathPart> | null
  subscribe(listener: () => void): () => void
}

const ofStore = new WeakMap<object, Map<string, Channel>>()

/**
 * Tells `listener` what happened to the rows of a map, list or set since it was told last: for canvases and charts, which draw without rendering components. At most one call a frame, after the whole patch is in;
 * a hidden page gets one call now and then, with everything since. Read the values with `store.get([...path, key])`: they are followed too, and decoded only when read.
 *
 * The first call names everything as added, even if that is nothing. After a reconnect only what really differs is named; after a restart of the worker every row that is still there counts as changed, because
 * nobody knows better. A listener that throws is reported as uncaught and hurts nobody. Returns the function that stops it. What is subscribed at the host is the whole map.
 *
 * Throws `RivuletError` `path` where there is no map, list or set.
 *
 * @example
 * const stop = storeDiff(fleet, 'boats', ({ added, removed, changed }) => {
 *   for (const id of removed) erase(id)
 *   for (const id of [...added, ...changed]) draw(id, fleet.get(['boats', id]))
 * })
 */
export function storeDiff<S, const P extends PathOf<S>>(
  store: PageStore<S>,
  path: P & ListPath<S, P>,
  listener: (diff: StoreDiff<KeyAt<S, P>>) => void,
): () => void
export function storeDiff(
  store: PageStore<unknown>,
  given: string | Path,
  listener: (diff: StoreDiff<never>) => void,
): () => void {
  const path = typeof given === 'string' ? [given] : given
  listAt(store.def, path)
  const channel = channelOf(store, path)
  let told: StoreDiff<PathPart> | null = null
  let begun = false
  let stopped = false

  const begin = (): void => {
    if (begun || stopped || channel.keys === null) return
    begun = true
    told = channel.last
    listener(everything(channel.keys) as StoreDiff<never>)
  }
  const hear = (): void => {
    if (!begun) return begin()
    // The status changed, not the rows.
    if (channel.last === told || channel.last === null) return
    told = channel.last
    listener(told as StoreDiff<never>)
  }
  const stopValues = store.subscribe(path, () => undefined)
  const stop = channel.subscribe(hear)
  // Not now: whoever subscribes does not expect to be called before that is done.
  queueMicrotask(begin)
  return () => {
    stopped = true
    stop()
    stopValues()
  }
}

function channelOf(store: PageStore<unknown>, path: Path): Channel {
  let channels = ofStore.get(store)
  if (channels === undefined) ofStore.set(store, (channels = new Map()))
  const all = channels
  const id = pathKey(path)
  const found = all.get(id)
  if (found !== undefined) return found
  let keys: Set<PathPart> | null = null
  const line = store.list(path, {
    query: { kind: 'diff' },
    rows(change) {
      const diff = change.fresh ? compared(keys, change.added) : diffOf(change)
      keys ??= new Set()
      for (const key of diff.removed) keys.delete(key)
      for (const key of diff.added) keys.add(key)
      channel.keys = keys
      channel.last = diff
    },
    drop() {
      keys = channel.keys = channel.last = null
      if (all.get(id) === channel) all.delete(id)
    },
  })
  const channel: Channel = { keys: null, last: null, subscribe: (listener) => line.subscribe(listener) }
  all.set(id, channel)
  return channel
}

/** What is there now, as the difference from what was there. */
function compared(before: ReadonlySet<PathPart> | null, now: readonly PathPart[]): StoreDiff<PathPart> {
  if (before === null) return everything(now)
  const here = new Set(now)
  return {
    added: now.filter((key) => !before.has(key)),
    removed: [...before].filter((key) => !here.has(key)),
    changed: now.filter((key) => before.has(key)),
    fields: () => null,
  }
}

function everything(keys: Iterable<PathPart>): StoreDiff<PathPart> {
  return { added: [...keys], removed: [], changed: [], fields: () => null }
}

function diffOf({ added, removed, changed }: RowsChange): StoreDiff<PathPart> {
  let fields: Map<PathPart, readonly PathPart[] | null> | undefined
  return {
    added,
    removed,
    changed: changed.map(({ key }) => key),
    fields(key) {
      fields ??= new Map(changed.map((row) => [row.key, row.fields]))
      return fields.get(key) ?? null
    },
  }
}
