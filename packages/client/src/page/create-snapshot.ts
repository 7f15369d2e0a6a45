import { type Path, RivuletError, stateNode, type StoreDef, withPlace } from '@rivulet/wire'
import { decodePart } from '../decode-part.ts'
import { asRivuletError } from '../plain-error.ts'
import { pathKey } from './path-key.ts'
import { typeAt } from './schema-walk.ts'
import { schemaHash } from './schema-hash.ts'
import type { Known, Snapshot } from './snapshot.ts'
import { valueBelow } from './value-below.ts'

/** One path of a store in a snapshot. */
export interface SnapshotEntry {
  readonly store: string
  /** Hash of the definition that it was written with; see schemaHash. */
  readonly hash: string
  readonly path: Path
  /** Wire bytes of the path's type; null: the path leads to nothing. Absent once the value is known. */
  readonly bytes?: Uint8Array | null
  readonly known?: Known
}

/** A snapshot that can be filled and written down. */
export interface FilledSnapshot extends Snapshot {
  /** Adds an entry; one for the same path takes its place. */
  put(entry: SnapshotEntry): void
  entries(): readonly SnapshotEntry[]
}

interface Kept {
  readonly entry: SnapshotEntry
  known: Known | undefined
  refused: boolean
  /** Live data has replaced all of it. */
  spent: boolean
  /** Paths below it that live data has replaced. */
  readonly below: Set<string>
}

/** Beyond this many replaced parts an entry counts as replaced: remembering them would cost more than the entry is worth. */
const MAX_BELOW = 4096

/** Makes an empty snapshot. `report` hears of entries that do not fit the page's definitions; they are ignored. */
export function createSnapshot(report: (error: RivuletError) => void): FilledSnapshot {
  // Store → length of the path → path: looking a path up tries its beginnings, from the longest.
  const stores = new Map<string, Map<number, Map<string, Kept>>>()

  const refuse = (kept: Kept, error: RivuletError): undefined => {
    if (!kept.refused) report(error)
    kept.refused = true
  }

  const knownOf = (def: StoreDef, kept: Kept): Known | undefined => {
    if (kept.known !== undefined || kept.refused) return kept.known
    const { entry } = kept
    if (entry.hash !== schemaHash(def)) {
      return refuse(
        kept,
        new RivuletError('schema', 'the state in the page was rendered with another definition of this store', {
          store: def.name,
          path: entry.path,
          hint: 'Deploy server and page from one build. The state is ignored: the page loads it over its connection.',
        }),
      )
    }
    try {
      const node = typeAt(def, stateNode(def), entry.path)
      const { bytes } = entry
      kept.known = { value: bytes === null || bytes === undefined ? undefined : decodePart(def.types, node, bytes) }
    } catch (e) {
      return refuse(kept, withPlace(asRivuletError(e, 'protocol'), { store: def.name, path: entry.path }))
    }
    return kept.known
  }

  const find = (def: StoreDef, path: Path, usable: (kept: Kept, depth: number) => boolean): Known | undefined => {
    const depths = stores.get(def.name)
    if (depths === undefined) return undefined
    for (let depth = path.length; depth >= 0; depth--) {
      const kept = depths.get(depth)?.get(pathKey(path.slice(0, depth)))
      if (kept === undefined || !usable(kept, depth)) continue
      const known = knownOf(def, kept)
      if (known !== undefined) return depth === path.length ? known : valueBelow(def, known.value, path, depth)
    }
    return undefined
  }

  return {
    initial: (def, path) => find(def, path, () => true),
    held: (def, path) =>
      find(def, path, ({ spent, below: parts }, depth) => {
        if (spent) return false
        for (let end = depth + 1; parts.size > 0 && end <= path.length; end++)
          if (parts.has(pathKey(path.slice(0, end)))) return false
        return true
      }),
    superseded(def, path) {
      const key = pathKey(path)
      for (const [depth, entries] of stores.get(def.name) ?? []) {
        if (depth > path.length) {
          for (const kept of entries.values()) if (startsWith(kept.entry.path, path)) kept.spent = true
          continue
        }
        const kept = entries.get(depth === path.length ? key : pathKey(path.slice(0, depth)))
        if (kept === undefined || kept.spent) continue
        if (depth < path.length) kept.below.add(key)
        if (depth === path.length || kept.below.size > MAX_BELOW) {
          kept.spent = true
          kept.below.clear()
        }
      }
    },
    put(entry) {
      let depths = stores.get(entry.store)
      if (depths === undefined) stores.set(entry.store, (depths = new Map()))
      const depth = entry.path.length
      let entries = depths.get(depth)
      if (entries === undefined) depths.set(depth, (entries = new Map()))
      entries.set(pathKey(entry.path), { entry, known: entry.known, refused: false, spent: false, below: new Set() })
    },
    entries: () =>
      [...stores.values()].flatMap((depths) =>
        [...depths.values()].flatMap((entries) => [...entries.values()].map(({ entry }) => entry)),
      ),
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, i) => Object.is(part, path[i]))
}
