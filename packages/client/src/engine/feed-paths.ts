import { nodeAt, type Path, stateNode } from '@rivulet/wire'
import type { ListQuery } from '../list-query.ts'
import type { PlainError, Watch } from '../protocol.ts'
import { covers } from './delivery-keys.ts'
import { plan } from './feed-keys.ts'
import { introduce, setStatus } from './feed-status.ts'
import { createListView } from './key-views/create-list-view.ts'
import { pathKey } from './path-key.ts'
import { failure, plainError } from './plain-error.ts'
import { pageId, seatOf } from './seats.ts'
import { sourceOf, type StoreFeed } from './store-feed.ts'
import { createWatchEntry, type WatchEntry } from './watch-entry.ts'
import { addWatch, removeWatch } from './watch-trie.ts'

// What the page watches of a store.

/** Adds watches of the page. One plan for all of them: call it with as many as there are. */
export function watchPaths(feed: StoreFeed, watches: Iterable<Omit<Watch, 'store'>>): void {
  let replan = false
  for (const { id, path, query, shown } of watches) {
    if (feed.entries.has(id)) continue
    const entry = createWatchEntry(pageId(id), path, sourceOf(feed, seatOf(id)), shown)
    feed.entries.set(id, entry)
    const problem = checkPath(feed, path) ?? (query === undefined ? null : addView(feed, entry, query))
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
  removeWatch(feed.trie, entry)
  entry.view?.close()
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

/** Makes a watch one of what its query asks for. Returns why it cannot be. */
function addView(feed: StoreFeed, entry: WatchEntry, query: ListQuery): PlainError | null {
  try {
    const view = createListView(feed, entry.path, query, () => entry.known)
    if ('code' in view) return view
    entry.view = view
    return null
  } catch (e) {
    // A locale that the page knows and the worker does not. The code keeps the watch from being revived with the store.
    return plainError(e, 'path', { store: feed.def.name, path: entry.path })
  }
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
