import type { Path, PathPart, RivuletError, TypeNode } from '@rivulet/wire'
import type { PathStatus } from '../protocol.ts'
import type { ListSink } from './list-sink.ts'
import type { Registration } from './notify.ts'
import { createSlot, type ValueSlot } from './value-slot.ts'

/**
 * One path of a store, while somebody has to do with it. Nodes form a trie, so finding one needs no string of the whole path, and `1` and `'1'` stay apart.
 */
export interface PathNode {
  readonly parent: PathNode | null
  readonly path: Path
  readonly type: TypeNode
  children: Map<PathPart, PathNode> | null
  readonly listeners: Set<Registration>
  readonly statusListeners: Set<Registration>
  /** Listeners and waiters that keep it followed. */
  holds: number
  /** Its number towards the engine; 0 while it is not followed. */
  watch: number
  status: PathStatus
  error: RivuletError | undefined
  /** Stamp of its last change; 0 while nothing is known. */
  version: number
  slot: ValueSlot
  /** Followed is not the value but what the engine works out about it: such a node stands alone, outside the trie. */
  readonly list: ListSink | null
}

export function createPathNode(
  parent: PathNode | null,
  path: Path,
  type: TypeNode,
  list: ListSink | null = null,
): PathNode {
  return {
    parent,
    path,
    type,
    children: null,
    listeners: new Set(),
    statusListeners: new Set(),
    holds: 0,
    watch: 0,
    status: 'idle',
    error: undefined,
    version: 0,
    slot: createSlot(),
    list,
  }
}

/** The deepest existing node on the way to `path`. */
export function deepestNode(root: PathNode, path: Path): PathNode {
  let node = root
  for (const part of path) {
    const next = node.children?.get(part)
    if (next === undefined) break
    node = next
  }
  return node
}

/** Whether a node is of use to nobody. */
function isUnused(node: PathNode): boolean {
  return node.children === null && node.holds === 0 && node.watch === 0 && node.statusListeners.size === 0
}

/** Takes a node out of the trie, and its ancestors that were there only for it. */
export function prune(node: PathNode): void {
  let at = node
  while (at.parent !== null && isUnused(at)) {
    const { parent } = at
    parent.children?.delete(at.path[at.path.length - 1] as PathPart)
    if (parent.children?.size === 0) parent.children = null
    at = parent
  }
}
