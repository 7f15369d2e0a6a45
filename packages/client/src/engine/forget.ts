import { type StoreDef, stateNode, type StructDef, structOf, zeroOf, zeroStruct } from '@rivulet/wire'
import { locate, putAt } from './locate.ts'
import { isPrefix } from './path-key.ts'
import type { KeySub, StoreFeed } from './store-feed.ts'

/**
 * Removes what only dropped keys covered, so that a page that walks through a large map does not make the engine keep all of it.
 */
export function forget(feed: StoreFeed, dropped: readonly KeySub[]): void {
  const keys = [...feed.keys.values()]
  for (const { path } of dropped) {
    if (keys.some((k) => isPrefix(k.path, path))) continue
    const inside = keys.filter((k) => k.held && isPrefix(path, k.path))
    // A list has no place for single elements; what is left of it stays as it is.
    if (inside.some((k) => throughList(feed, k))) continue
    const kept = inside.map((k) => ({
      path: k.path,
      at: locate(feed.def.types, stateNode(feed.def), feed.state, k.path),
    }))
    clear(feed, path)
    for (const { path: keep, at } of kept) {
      if (!at.gone && at.depth === keep.length) putAt(feed.def.types, stateNode(feed.def), feed.state, keep, at.value)
    }
  }
}

function clear(feed: StoreFeed, path: KeySub['path']): void {
  const { types } = feed.def
  if (path.length === 0) {
    feed.state = zeroState(feed.def)
    return
  }
  const root = stateNode(feed.def)
  const holder = locate(types, root, feed.state, path, path.length - 1)
  if (holder.gone || holder.depth < path.length - 1) return
  if (holder.value instanceof Map) holder.value.delete(path.at(-1))
  else if (!Array.isArray(holder.value)) {
    const at = locate(types, root, feed.state, path)
    if (!at.gone && at.depth === path.length) putAt(types, root, feed.state, path, zeroOf(types, at.node))
  }
}

function throughList(feed: StoreFeed, key: KeySub): boolean {
  for (let end = 0; end < key.path.length; end++) {
    if (Array.isArray(locate(feed.def.types, stateNode(feed.def), feed.state, key.path, end).value)) return true
  }
  return false
}

/** A state in which every field is absent. */
export function zeroState(def: StoreDef): Record<string, unknown> {
  const struct: StructDef = structOf(def.types, def.state)
  return zeroStruct(def.types, struct)
}
