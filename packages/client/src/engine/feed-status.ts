import type { Path } from '@rivulet/wire'
import type { PathStatus, PlainError } from '../protocol.ts'
import { partKey } from './path-key.ts'
import type { KeySub, StoreFeed } from './store-feed.ts'
import { isHopeless, markClean, markWhole, type WatchEntry } from './watch-entry.ts'
import type { WatchTrie } from './watch-trie.ts'

// What the watches of a store are told: which of them the state covers, and how well.

/** First status of a new watch, and its value when that is already here. */
export function introduce(feed: StoreFeed, entry: WatchEntry): void {
  const status = coverage(feed, entry.path, !entry.shown)
  if (status === 'live' || status === 'stale') {
    entry.known = true
    markWhole(entry)
    setStatus(entry, status)
  } else if (feed.held !== null && feed.error !== undefined) setStatus(entry, 'error', feed.error)
  else setStatus(entry, 'loading')
}

/** How well the state covers `path`: `live`, `stale` (from an earlier connection, or from an earlier visit unless `restored` is false) or not at all. */
export function coverage(feed: StoreFeed, path: Path, restored = true): 'live' | 'stale' | null {
  if (feed.state === undefined) return null
  let best: 'live' | 'stale' | null = null
  let key = ''
  for (let i = 0; ; i++) {
    const sub = feed.keys.get(key)
    if (sub?.live === true) return 'live'
    if (sub?.held === true && (restored || !sub.restored)) best = 'stale'
    if (i === path.length) return best
    key += partKey(path[i] ?? '')
  }
}

/** Tells the page about it, if it is news. */
export function setStatus(entry: WatchEntry, status: PathStatus, error?: PlainError): void {
  if (entry.status === status && entry.error === error) return
  entry.status = status
  entry.error = error
  entry.statusDirty = true
  entry.untold.news.add(entry)
}

/** The state has (again) what these watches cover. */
export function setLive(feed: StoreFeed, sub: KeySub): void {
  sub.live = true
  sub.held = true
  sub.restored = false
  let node: WatchTrie | undefined = feed.trie
  for (const part of sub.path) {
    node = node.children?.get(part)
    if (node === undefined) return
  }
  goLive(node)
}

function goLive(node: WatchTrie): void {
  if (node.entries !== null) {
    for (const entry of node.entries) {
      if (!entry.known) {
        entry.known = true
        markWhole(entry)
        entry.untold.news.add(entry)
      }
      setStatus(entry, 'live')
    }
  }
  if (node.children !== null) for (const child of node.children.values()) goLive(child)
}

/** Forgets the state after doubt; what the page shows stays, marked with `error`. */
export function dropState(feed: StoreFeed, error: PlainError): void {
  feed.host.odd?.(feed)
  feed.state = undefined
  feed.error = error
  for (const sub of feed.keys.values()) {
    sub.live = false
    sub.held = false
  }
  for (const entry of feed.entries.values()) {
    if (isHopeless(entry)) continue
    setStatus(entry, entry.known || entry.status === 'stale' ? 'stale' : 'error', error)
    entry.known = false
    markClean(entry)
  }
}
