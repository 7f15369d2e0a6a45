import type { Path, PathPart } from '@rivulet/wire'

interface Node {
  count: number
  readonly children: Map<PathPart, Node>
}

/** The paths that a store follows, as a trie: which of them lie below a path is asked with every read. */
export interface FollowedPaths {
  add(path: Path): void
  remove(path: Path): void
  /** Whether a path strictly below this one is followed. */
  below(path: Path): boolean
}

/** Makes an empty {@link FollowedPaths}. */
export function createFollowedPaths(): FollowedPaths {
  const root: Node = { count: 0, children: new Map() }
  return {
    add(path) {
      let node = root
      for (const part of path) {
        let next = node.children.get(part)
        if (next === undefined) node.children.set(part, (next = { count: 0, children: new Map() }))
        node = next
      }
      node.count++
    },
    remove(path) {
      const way = [root]
      for (const part of path) {
        const next = way.at(-1)?.children.get(part)
        if (next === undefined) return
        way.push(next)
      }
      const last = way.at(-1) as Node
      last.count--
      for (let depth = path.length; depth > 0; depth--) {
        const node = way[depth] as Node
        if (node.count > 0 || node.children.size > 0) return
        way[depth - 1]?.children.delete(path[depth - 1] as PathPart)
      }
    },
    below(path) {
      let node: Node | undefined = root
      for (const part of path) node = node?.children.get(part)
      return node !== undefined && node.children.size > 0
    },
  }
}
