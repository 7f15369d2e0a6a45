import type { Path, PathPart, RivuletErrorCode } from '@rivulet/wire'
import {
  CHANGES,
  HAS_ERROR,
  KEYS,
  MISSING,
  type PatchSink,
  type PathChange,
  ROWS,
  ROWS_CHANGE,
  STATUS,
  STATUSES,
  TABLE,
  VALUE,
} from './patch.ts'
import { type Cursor, malformed, takeByte, takeCount, takePart, takeRaw, takeText, takeUint } from './patch-cursor.ts'
import type { PlainError } from './protocol.ts'
import { takeKeys, takeRowsChange } from './read-list.ts'
import { takeRows, takeTable } from './read-rows.ts'

/** Deeper than any schema; bounds what a shared prefix can cost to read. */
const MAX_PARTS = 256

/**
 * Reads a patch and hands its records to `sink`, in order. Byte ranges are views of `buffer`.
 *
 * Throws `RivuletError` `truncated` or `malformed` with the byte offset; the records before that place have been delivered. Reading costs O(bytes) whatever they say; tables and their rows cost the same however large they are.
 *
 * @example
 * readPatch(message.buffer, { status: setStatus, value: setValue, missing: setMissing, changes: addChanges, keys: setKeys, rowsChange: noteRows })
 * readPatch(message.buffer, { status: setStatus, value: setValue, missing: setMissing, changes: addChanges, table: setTable, rows: addRows })
 */
export function readPatch(buffer: ArrayBuffer, sink: PatchSink): void {
  const r: Cursor = { bytes: new Uint8Array(buffer), pos: 0 }
  while (r.pos < r.bytes.length) {
    const at = r.pos
    const kind = takeByte(r)
    const id = takeUint(r)
    if (kind === STATUS) takeStatus(r, id, sink)
    else if (kind === VALUE) sink.value(id, takeRaw(r, takeUint(r)))
    else if (kind === MISSING) sink.missing(id)
    else if (kind === CHANGES) sink.changes(id, takeChanges(r))
    else if (kind === KEYS) sink.keys(id, takeKeys(r))
    else if (kind === ROWS_CHANGE) sink.rowsChange(id, takeRowsChange(r))
    else if (kind === TABLE) sink.table(id, takeTable(r))
    else if (kind === ROWS) sink.rows(id, takeRows(r))
    else throw malformed(at, `${kind} is not a kind of patch record`)
  }
}

function takeStatus(r: Cursor, id: number, sink: PatchSink): void {
  const at = r.pos
  const byte = takeByte(r)
  const status = STATUSES[byte & ~HAS_ERROR]
  if (status === undefined) throw malformed(at, `${byte} is not a status`)
  if (byte & HAS_ERROR) sink.status(id, status, takeError(r))
  else sink.status(id, status)
}

function takeError(r: Cursor): PlainError {
  const code = takeText(r) as RivuletErrorCode
  const what = takeText(r)
  const present = takeByte(r)
  return {
    code,
    what,
    ...(present & 1 ? { store: takeText(r) } : {}),
    ...(present & 2 ? { path: takePath(r, []) } : {}),
    ...(present & 4 ? { offset: takeUint(r) } : {}),
    ...(present & 8 ? { hint: takeText(r) } : {}),
  }
}

function takeChanges(r: Cursor): PathChange[] {
  const changes: PathChange[] = []
  for (let n = takeCount(r); n > 0; n--) {
    const path = takePath(r, changes.at(-1)?.path ?? [])
    const size = takeUint(r)
    changes.push({ path, bytes: size === 0 ? null : takeRaw(r, size - 1) })
  }
  return changes
}

function takePath(r: Cursor, before: Path): Path {
  const at = r.pos
  const shared = takeUint(r)
  const count = takeCount(r)
  if (shared > before.length) throw malformed(at, 'a path shares more than there is')
  if (shared + count > MAX_PARTS) throw malformed(at, `a path of more than ${MAX_PARTS} parts`)
  const path: PathPart[] = before.slice(0, shared)
  for (let n = count; n > 0; n--) path.push(takePart(r))
  return path
}
