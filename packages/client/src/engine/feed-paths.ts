import { nodeAt, type Path, stateNode } from '@rivulet/wire'
import type { ListQuery } from '../list-query.ts'
import type { PlainError, Watch } from '../protocol.ts'
import { covers } from './delivery-keys.ts'
import { withExtra } from './extra.ts'
import type { CreateListView } from './extras.ts'
import { plan } from './feed-keys.ts'
import { introduce, setStatus } from './feed-status.ts'
import type { ListView } from './key-views/list-view.ts'
import { pathKey } from './path-key.ts'
import { failure, plainError } from './plain-error.ts'
import { pageId, seatOf } from './seats.ts'
import { sourceOf, type StoreFeed } from './store-feed.ts'
import { createWatchEntry, markClean, markWhole, type WatchEntry } from './watch-entry.ts'
import { addWatch, removeWatch } from './watch-trie.ts'

// What the page watches of a store.

/** Adds watches of the page. One plan for all of them: call it with as many as there are. */
export function watchPaths(feed: StoreFeed, watches: Iterable<Omit<Watch, 'store'>>): void {
  let replan = false
  for (const { id, path, query, shown } of watches) {
    if (feed.entries.has(id)) continue
    const entry = createWatchEntry(pageId(id), path, sourceOf(feed, seatOf(id)), shown)
    feed.entries.set(id, entry)
    const problem = checkPath(feed, path) ?? (query === undefined ? null : addView(feed, id, entry, query))
    if (problem !== null) {
      setStatus(entry, 'error', problem)
      continue
    }
    addWatch(feed.trie, entry)
    const key = pathKey(path)
    const known = feed.paths.get(key)
    if (known === undefined) {
      feed.paths.set(key, { path, count: 1, leaves: 0 })
      replan ||= !covers(feed.planned, path)
    } else known.count++
    introduce(feed, entry)
  }
  if (replan) plan(feed)
  else feed.host.news(feed)
}

/** Removes a watch; its path keeps its subscription until {@link expirePaths}. Returns the path's key when it was the last one there. */
export function unwatchPath(feed: StoreFeed, id: number, leaves: number): string | null {
  const entry = feed.entries.get(id)
  if (entry === undefined) return null
  feed.entries.delete(id)
  entry.untold.news.delete(entry)
  entry.untold.absent.delete(entry)
  entry.view?.close()
  return leavePath(feed, entry, leaves)
}

/** Takes a watch off its path. Returns the path's key when it was the last one there. */
function leavePath(feed: StoreFeed, entry: WatchEntry, leaves: number): string | null {
  // One that cannot be has never been on it, or is not any more.
  if (!removeWatch(feed.trie, entry)) return null
  const key = pathKey(entry.path)
  const known = feed.paths.get(key)
  if (known === undefined || --known.count > 0) return null
  known.leaves = leaves
  return key
}

/** Drops the paths among `keys` whose grace period is over by `now`. */
export function expirePaths(feed: StoreFeed, keys: Iterable<string>, now: number): void {
  let replan = false
  for (const key of keys) {
    const known = feed.paths.get(key)
    if (known === undefined || known.count > 0 || known.leaves > now) continue
    feed.paths.delete(key)
    replan = true
  }
  if (replan) plan(feed)
}

/** Makes a watch one of what its query asks for. Returns why it cannot be, as far as that is known already. */
function addView(feed: StoreFeed, id: number, entry: WatchEntry, query: ListQuery): PlainError | null {
  let problem: PlainError | null = null
  withExtra(
    feed.host.lists,
    (create) => {
      const view = viewOf(create, feed, entry, query)
      if (entry.late) arrived(feed, id, entry, view)
      else if ('code' in view) problem = view
      else entry.view = view
    },
    (e) => arrived(feed, id, entry, plainError(e, 'worker', { store: feed.def.name, path: entry.path })),
  )
  entry.late = problem === null && entry.view === null
  return problem
}

function viewOf(create: CreateListView, feed: StoreFeed, entry: WatchEntry, query: ListQuery): ListView | PlainError {
  try {
    return create(feed, entry.path, query, () => entry.known)
  } catch (e) {
    // A locale that the page knows and the worker does not. The code keeps the watch from being revived with the store.
    return plainError(e, 'path', { store: feed.def.name, path: entry.path })
  }
}

/** A watch that waited for its view has it, or cannot have one: now the page is told what there is to tell. */
function arrived(feed: StoreFeed, id: number, entry: WatchEntry, view: ListView | PlainError): void {
  const isWanted = feed.entries.get(id) === entry
  if ('code' in view) {
    if (isWanted) giveUp(feed, entry, view)
  } else if (isWanted) {
    entry.late = false
    entry.view = view
    if (entry.known) markWhole(entry)
    entry.untold.news.add(entry)
  } else view.close()
  feed.host.news(feed)
  feed.host.flush()
}

/** From now on the watch is told nothing more, and follows nothing. */
function giveUp(feed: StoreFeed, entry: WatchEntry, error: PlainError): void {
  const now = feed.host.clock.now()
  const key = leavePath(feed, entry, now)
  entry.late = false
  entry.known = false
  markClean(entry)
  setStatus(entry, 'error', error)
  if (key !== null) expirePaths(feed, [key], now)
}

function checkPath(feed: StoreFeed, path: Path): PlainError | null {
  const place = { store: feed.def.name, path }
  try {
    if (nodeAt(feed.def.types, stateNode(feed.def), path) !== null) return null
  } catch (e) {
    return plainError(e, 'schema', place)
  }
  return failure('path', 'this path leads nowhere in the store', {
    ...place,
    hint: 'Check the field names against the generated types.',
  })
}
