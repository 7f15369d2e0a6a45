import { decodeState, type Path, stateNode } from '@rivulet/wire'
import { coverage, setStatus } from '../feed-status.ts'
import { zeroState } from '../forget.ts'
import { locate, putAt } from '../locate.ts'
import { isPrefix } from '../path-key.ts'
import type { StoreFeed } from '../store-feed.ts'
import { markWhole } from '../watch-entry.ts'

/** A kept state, decoded. */
export interface Picture {
  readonly state: unknown
  /** What of it is known. */
  readonly paths: readonly Path[]
}

/** Whether a kept state could show something that the feed has not. */
export function lacksData(feed: StoreFeed): boolean {
  if (isHeard(feed)) return false
  for (const sub of feed.keys.values()) if (!sub.held) return true
  return false
}

/** Whether the host has answered at least one key on this connection. */
export function isHeard(feed: StoreFeed): boolean {
  for (const sub of feed.keys.values()) if (sub.live) return true
  return false
}

/**
 * Gives a feed what it has not got from the host: from then on it is as after a lost connection. Watches of what is known are `stale`, and the host's first answer is compared with what is shown.
 * `picture` is the feed's then; it may be given again as long as no update of the host was applied.
 */
export function restore(feed: StoreFeed, { state, paths }: Picture): void {
  // The host was faster.
  if (!lacksData(feed)) return
  feed.host.odd?.(feed)
  const parts: Path[] = []
  for (const sub of feed.keys.values()) {
    if (sub.held) continue
    if (paths.some((path) => isPrefix(path, sub.path))) sub.restored = sub.held = give(feed, sub.path, state)
    else for (const path of paths) if (isPrefix(sub.path, path) && give(feed, path, state)) parts.push(path)
  }
  for (const entry of feed.entries.values()) {
    if (entry.known || entry.shown || (entry.status !== 'loading' && entry.status !== 'stale')) continue
    // A part of what a key stands for may be known: less was followed the last time.
    if (coverage(feed, entry.path) === null && !parts.some((path) => isPrefix(path, entry.path))) continue
    entry.known = true
    markWhole(entry)
    // One whose key has just been replaced is `stale` already, but its value has to be sent all the same.
    setStatus(entry, 'loading')
    setStatus(entry, 'stale')
  }
  feed.host.news(feed)
}

/** Puts what `from` has at `path` into the feed's state. False: it cannot be put there, or something later is there already. */
function give(feed: StoreFeed, path: Path, from: unknown): boolean {
  // What is held below it came later than the picture.
  for (const sub of feed.keys.values()) if (sub.held && isPrefix(path, sub.path)) return false
  if (path.length === 0) {
    feed.state = from
    return true
  }
  const { types } = feed.def
  const root = stateNode(feed.def)
  const at = locate(types, root, from, path)
  feed.state ??= zeroState(feed.def)
  // Without a value there is nothing to put: that it is missing is what is known.
  if (at.gone || at.depth < path.length) return true
  putAt(types, root, feed.state, path, at.value)
  // A list has no place for a single element.
  const now = locate(types, root, feed.state, path)
  return !now.gone && now.depth === path.length
}

/** Reads a kept state. Throws the wire's errors. */
export function develop(feed: StoreFeed, bytes: Uint8Array, paths: readonly Path[]): Picture {
  return { state: decodeState(feed.def, bytes), paths }
}
