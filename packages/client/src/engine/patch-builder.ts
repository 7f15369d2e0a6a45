import { type StoreDef, stateNode } from '@rivulet/wire'
import { encodePart } from '../encode-part.ts'
import type { PathChange } from '../patch.ts'
import { isTable, type RowKey } from '../row-block.ts'
import {
  createPatchWriter,
  finishPatch,
  type PatchWriter,
  putChanges,
  putMissing,
  putStatus,
  putValue,
} from '../write-patch.ts'
import { collectChanges } from './collect-changes.ts'
import { locate } from './locate.ts'
import { plainError } from './plain-error.ts'
import { putChangedRows, putWholeTable } from './table-rows.ts'
import { type ChangedParts, markClean, markWhole, type Untold, type WatchEntry } from './watch-entry.ts'

/** The watches of one store that have news, with what is needed to put that into bytes. */
export interface PatchSource extends Untold {
  readonly def: StoreDef
  readonly state: unknown
}

/** A buffer kept between patches is no larger than this. */
const KEEP = 1 << 20

let writer: PatchWriter = createPatchWriter(4096)

/**
 * Writes all news into one buffer and forgets them; null when there is nothing to say. Values are encoded here, so that any number of changes between two patches costs one value each.
 */
export function buildPatch(sources: Iterable<PatchSource>): ArrayBuffer | null {
  writer.pos = 0
  for (const source of sources) {
    findAppeared(source)
    for (const entry of source.news) putEntry(source, entry)
    source.news.clear()
  }
  const buffer = writer.pos === 0 ? null : finishPatch(writer)
  if (writer.bytes.length > KEEP) writer = createPatchWriter(4096)
  return buffer
}

/** A change reports what it sets, not what had to come into being for that (the other fields of a new element, the elements in front of it). */
function findAppeared(source: PatchSource): void {
  for (const entry of source.absent) {
    if (!entry.known || entry.dirty !== null) continue
    const at = locate(source.def.types, stateNode(source.def), source.state, entry.path)
    if (at.gone || at.depth < entry.path.length) continue
    markWhole(entry)
    source.news.add(entry)
  }
}

function putEntry(source: PatchSource, entry: WatchEntry): void {
  if (entry.late) return
  // A value that the store does not hold yet is sent when it does: becoming known marks the entry again.
  if (entry.known && entry.dirty !== null) {
    const mark = writer.pos
    try {
      putContent(source, entry)
    } catch (e) {
      writer.pos = mark
      entry.view?.restart()
      // What the page has is not what it should have been given.
      entry.given = false
      entry.rows = null
      entry.status = 'error'
      entry.error = plainError(e, 'invalid-value', { store: source.def.name, path: entry.path })
      entry.statusDirty = true
    }
  }
  markClean(entry)
  if (entry.statusDirty) putStatus(writer, entry.id, entry.status, entry.error)
  entry.statusDirty = false
}

function putContent({ def, state, absent }: PatchSource, entry: WatchEntry): void {
  const at = locate(def.types, stateNode(def), state, entry.path)
  const missing = at.gone || at.depth < entry.path.length
  if (entry.view !== null) {
    entry.view.put(writer, entry.id, at.node, missing ? null : at.value)
    return
  }
  const changes: PathChange[] = []
  const isWhole = !entry.given || entry.dirty === 'whole'
  if (missing) putMissing(writer, entry.id)
  else if (isTable(at.node) && at.value !== null) {
    const map = at.value as ReadonlyMap<RowKey, unknown>
    if (isWhole || entry.rows === null) entry.rows = putWholeTable(writer, def.types, at.node, entry.id, map)
    else putChangedRows(writer, def.types, at.node, entry.id, map, entry.rows, (entry.dirty as ChangedParts).keys())
  } else if (
    !isWhole &&
    entry.dirty instanceof Map &&
    collectChanges(def.types, at.node, at.value, entry.dirty, changes)
  ) {
    putChanges(writer, entry.id, changes)
  } else putValue(writer, entry.id, encodePart(def.types, at.node, at.value))
  if (missing) absent.add(entry)
  else absent.delete(entry)
  entry.given = !missing && at.value !== null
  if (!entry.given) entry.rows = null
}
