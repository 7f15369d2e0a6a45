import { type Path, stateNode } from '@rivulet/wire'
import type { Registration } from './notify.ts'
import { related, startsWith, type Write, written } from './optimistic-writes.ts'
import type { Overlay } from './overlay.ts'
import type { StoreCore } from './page-store.ts'
import { pathKey } from './path-key.ts'
import type { PathNode } from './path-node.ts'
import { typeAt } from './schema-walk.ts'

/** The {@link Overlay} of one store, with the means to change it. */
export interface WritesOverlay extends Overlay {
  /** What is shown over the server's state, in order. */
  readonly writes: readonly Write[]
  /** Shows these instead. Adds to `heard` who listens to what may differ now: a write that stays has to be the same object. */
  show(writes: readonly Write[], heard: Set<Registration>): void
}

interface Shown {
  readonly base: unknown
  readonly over: readonly Write[]
  readonly value: unknown
  readonly version: number
}

/** Paths whose shown value is kept; beyond, all are worked out anew. */
const MAX_KEPT = 4096

let lastVersion = 0

/** Makes the overlay of a store. `refresh` runs before anything is read, `patched` for each part of a patch. */
export function createOverlay(store: StoreCore, refresh: () => void, patched: Overlay['changed']): WritesOverlay {
  const { def } = store
  const root = stateNode(def)
  const kept = new Map<string, Shown>()
  let writes: readonly Write[] = []

  const shown = (path: Path, base: unknown): Shown | undefined => {
    const over = writes.filter((write) => related(write.path, path))
    if (over.length === 0) return undefined
    const key = pathKey(path)
    const before = kept.get(key)
    if (before !== undefined && Object.is(before.base, base) && sameList(before.over, over)) return before
    if (kept.size >= MAX_KEPT) kept.clear()
    const value = written(def.types, typeAt(def, root, path), path, base, over)
    const now = { base, over, value, version: --lastVersion }
    kept.set(key, now)
    return now
  }

  return {
    get writes() {
      return writes
    },
    get(path) {
      refresh()
      const base = store.base(path)
      const found = shown(path, base)
      return found === undefined ? base : found.value
    },
    version(path) {
      refresh()
      const version = store.baseVersion(path)
      // A write below a place that is not known does not make the place known.
      if (version === 0 && !writes.some((write) => startsWith(path, write.path))) return 0
      return shown(path, store.base(path))?.version ?? version
    },
    changed: patched,
    show(next, heard) {
      const before = new Set(writes)
      const after = new Set(next)
      writes = next
      for (const write of before) if (!after.has(write)) hear(store.root, write.path, heard)
      for (const write of after) if (!before.has(write)) hear(store.root, write.path, heard)
      if (next.length === 0) kept.clear()
    },
  }
}

function sameList(a: readonly Write[], b: readonly Write[]): boolean {
  return a.length === b.length && a.every((write, i) => write === b[i])
}

/** Everybody who listens at `path`, to something that it is part of, or to something below it. */
function hear(root: PathNode, path: Path, heard: Set<Registration>): void {
  let node = root
  for (const part of path) {
    for (const registration of node.listeners) heard.add(registration)
    const next = node.children?.get(part)
    if (next === undefined) return
    node = next
  }
  hearBelow(node, heard)
}

function hearBelow(node: PathNode, heard: Set<Registration>): void {
  for (const registration of node.listeners) heard.add(registration)
  for (const child of node.children?.values() ?? []) hearBelow(child, heard)
}
