import type { PathPart } from '@rivulet/wire'
import type { WatchEntry } from './watch-entry.ts'
import { markPart, markWhole } from './watch-entry.ts'

/**
 * The watches of one store by path. Every changed path is reported here; the cost is its depth, plus the watches it concerns.
 */
export interface WatchTrie {
  readonly parent: WatchTrie | null
  readonly part: PathPart | undefined
  children: Map<PathPart, WatchTrie> | null
  entries: Set<WatchEntry> | null
}

export function createWatchTrie(parent: WatchTrie | null = null, part?: PathPart): WatchTrie {
  return { parent, part, children: null, entries: null }
}

/** Adds a watch at its path. */
export function addWatch(root: WatchTrie, entry: WatchEntry): void {
  let node = root
  for (const part of entry.path) {
    node.children ??= new Map()
    let child = node.children.get(part)
    if (child === undefined) node.children.set(part, (child = createWatchTrie(node, part)))
    node = child
  }
  node.entries ??= new Set()
  node.entries.add(entry)
}

/** Removes a watch, and the branch that only it needed. Returns whether it was there. */
export function removeWatch(root: WatchTrie, entry: WatchEntry): boolean {
  let node: WatchTrie | undefined = root
  for (const part of entry.path) {
    node = node.children?.get(part)
    if (node === undefined) return false
  }
  const found = node.entries?.delete(entry) === true
  let at: WatchTrie = node
  while (
    at.parent !== null &&
    (at.entries === null || at.entries.size === 0) &&
    (at.children === null || at.children.size === 0)
  ) {
    at.parent.children?.delete(at.part as PathPart)
    at = at.parent
  }
  return found
}

/**
 * Marks what a change of `path[0..depth)` concerns: watches on the way get the changed part, watches at or below it are changed as a whole.
 * `path` is the caller's scratch array; only what a watch needs is copied out of it.
 */
export function reportChange(
  root: WatchTrie,
  path: readonly PathPart[],
  depth: number,
  changed: (entry: WatchEntry) => void,
): void {
  let node = root
  for (let i = 0; i < depth; i++) {
    if (node.entries !== null) {
      for (const entry of node.entries) {
        markPart(entry, path, i, depth)
        changed(entry)
      }
    }
    const child = node.children?.get(path[i] as PathPart)
    if (child === undefined) return
    node = child
  }
  markBelow(node, changed)
}

function markBelow(node: WatchTrie, changed: (entry: WatchEntry) => void): void {
  if (node.entries !== null) {
    for (const entry of node.entries) {
      markWhole(entry)
      changed(entry)
    }
  }
  if (node.children !== null) for (const child of node.children.values()) markBelow(child, changed)
}
