import { decodeValue, type Path, RivuletError, shareValue, stateNode, type StoreDef } from '@rivulet/wire'
import { notify, type Registration } from './notify.ts'
import { GONE, related, startsWith, type Write, written } from './optimistic-writes.ts'
import type { StoreCore } from './page-store.ts'
import { pathKey } from './path-key.ts'
import type { PathNode } from './path-node.ts'
import type { ProbeWrite } from './probe.ts'
import { behindPointers, typeAt } from './schema-walk.ts'

/** What tools show of one store in the place of the server's state. */
export interface ShownValues {
  /** Shows these writes over the server's state, and no others; none: the server's state again. Throws, and changes nothing, for a place that the schema does not have and for bytes that do not decode. */
  show(writes: readonly ProbeWrite[]): void
}

interface Shown {
  readonly base: unknown
  /** The writes that it was made with. */
  readonly writes: readonly Write[]
  readonly value: unknown
  readonly version: number
}

/** Paths whose shown value is kept; beyond, all are worked out anew. */
const MAX_KEPT = 4096

/** Never a version of the store's own, which are positive, nor of an overlay's, which count down from 0. */
let lastVersion = -(2 ** 48)

/**
 * Makes the shown values of one store. They lie below the changes of optimistic calls, which are worked out over them. What is equal keeps its identity from one `show` to the next and to the server's values, so walking
 * through time renders what differs.
 */
export function createShownValues(core: StoreCore): ShownValues {
  const { def, base: serverValue, baseVersion: serverVersion } = core
  const root = stateNode(def)
  const kept = new Map<string, Shown>()
  let writes: readonly Write[] = []

  const shownAt = (path: Path, base: unknown): Shown | undefined => {
    if (!writes.some((write) => related(write.path, path))) return undefined
    const key = pathKey(path)
    const before = kept.get(key)
    if (before !== undefined && before.writes === writes && Object.is(before.base, base)) return before
    const node = typeAt(def, root, path)
    const next = written(def.types, node, path, base, writes)
    const like = shareValue(def.types, node, base, next, false)
    const value = before === undefined ? like : shareValue(def.types, node, before.value, like, false)
    const version = before !== undefined && Object.is(before.value, value) ? before.version : --lastVersion
    const now = { base, writes, value, version }
    if (kept.size >= MAX_KEPT) kept.clear()
    kept.set(key, now)
    return now
  }

  const get = (path: Path): unknown => {
    const base = serverValue(path)
    const shown = shownAt(path, base)
    return shown === undefined ? base : shown.value
  }

  const version = (path: Path): number => {
    const stamp = serverVersion(path)
    // A write below a place that is not known does not make the place known.
    if (stamp === 0 && !writes.some((write) => startsWith(path, write.path))) return 0
    const base = serverValue(path)
    const shown = shownAt(path, base)
    return shown === undefined || (stamp !== 0 && Object.is(shown.value, base)) ? stamp : shown.version
  }

  const put = (next: readonly Write[]): void => {
    writes = next
    core.shown = next.length > 0
    core.base = core.shown ? get : serverValue
    core.baseVersion = core.shown ? version : serverVersion
    if (!core.shown) kept.clear()
  }

  return {
    show(given) {
      const next = given.map((write) => readWrite(def, write))
      const touched = [...writes, ...next]
      const before = new Map<PathNode, unknown>()
      eachListened(core.root, (node) => {
        if (touched.some(({ path }) => related(path, node.path))) before.set(node, core.base(node.path))
      })
      put(next)
      const heard = new Set<Registration>()
      for (const [node, value] of before) {
        if (Object.is(value, core.base(node.path))) continue
        for (const registration of node.listeners) heard.add(registration)
      }
      if (heard.size > 0) core.overlay?.changed(heard)
      notify(heard)
    },
  }
}

function readWrite(def: StoreDef, { path, bytes }: ProbeWrite): Write {
  const root = stateNode(def)
  const node = typeAt(def, root, path)
  if (bytes !== null) return { path, node, value: decodeValue(def.types, node, bytes) }
  const parent = path.length === 0 ? undefined : behindPointers(typeAt(def, root, path.slice(0, -1)))
  if (parent?.kind === 'map' || parent?.kind === 'array') return { path, node, value: GONE }
  throw new RivuletError('path', 'only a key of a map, or the end of a list, can be shown as gone', {
    store: def.name,
    path,
    hint: 'Show another value there.',
  })
}

function eachListened(node: PathNode, visit: (node: PathNode) => void): void {
  if (node.listeners.size > 0) visit(node)
  for (const child of node.children?.values() ?? []) eachListened(child, visit)
}
