import { type Path, type PathPart, RivuletError, type RivuletErrorCode } from '@rivulet/wire'
import {
  CHANGES,
  HAS_ERROR,
  KEYS,
  MISSING,
  type PatchSink,
  type PathChange,
  ROWS_CHANGE,
  STATUS,
  STATUSES,
  VALUE,
} from './patch.ts'
import type { PlainError } from './protocol.ts'
import { takeKeys, takeRowsChange } from './read-list.ts'

/** Deeper than any schema; bounds what a shared prefix can cost to read. */
const MAX_PARTS = 256

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a patch and hands its records to `sink`, in order. Byte ranges are views of `buffer`.
 *
 * Throws `RivuletError` `truncated` or `malformed` with the byte offset; the records before that place have been delivered. Reading costs O(bytes) whatever they say.
 *
 * @example
 * readPatch(message.buffer, { status: setStatus, value: setValue, missing: setMissing, changes: addChanges, keys: setKeys, rowsChange: noteRows })
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
    else throw malformed(at, `${kind} is not a kind of patch record`)
  }
}

/** A patch that is being read. */
export interface Cursor {
  readonly bytes: Uint8Array
  pos: number
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

/** One part of a path, as in the grammar. */
export function takePart(r: Cursor): PathPart {
  const at = r.pos
  switch (takeByte(r)) {
    case 0:
      return takeText(r)
    case 1: {
      const n = takeUint(r)
      return n % 2 === 0 ? n / 2 : -(n + 1) / 2
    }
    case 2: {
      const digits = takeText(r)
      if (!/^-?\d+$/.test(digits)) throw malformed(at, 'a bigint part is not decimal')
      return BigInt(digits)
    }
    case 3:
      return false
    case 4:
      return true
    case 5: {
      const raw = takeRaw(r, 8)
      return new DataView(raw.buffer, raw.byteOffset, 8).getFloat64(0, true)
    }
    default:
      throw malformed(at, 'unknown kind of path part')
  }
}

/** A count of things that take a byte each at least, so it can never exceed what is left. */
export function takeCount(r: Cursor): number {
  const at = r.pos
  const n = takeUint(r)
  if (n > r.bytes.length - r.pos) throw truncated(at)
  return n
}

/** One byte. */
export function takeByte(r: Cursor): number {
  const b = r.bytes[r.pos]
  if (b === undefined) throw truncated(r.pos)
  r.pos++
  return b
}

/** A number, seven bits a byte. */
export function takeUint(r: Cursor): number {
  const at = r.pos
  let n = 0
  for (let unit = 1; ; unit *= 128) {
    const b = takeByte(r)
    n += (b & 0x7f) * unit
    if (b < 0x80) break
    if (unit >= 2 ** 49) throw malformed(at, 'a number longer than 53 bits')
  }
  if (!Number.isSafeInteger(n)) throw malformed(at, 'a number longer than 53 bits')
  return n
}

function takeRaw(r: Cursor, n: number): Uint8Array {
  if (n > r.bytes.length - r.pos) throw truncated(r.pos)
  r.pos += n
  return r.bytes.subarray(r.pos - n, r.pos)
}

function takeText(r: Cursor): string {
  const at = r.pos
  const raw = takeRaw(r, takeUint(r))
  try {
    return text.decode(raw)
  } catch (cause) {
    throw new RivuletError('malformed', 'text in a patch is not UTF-8', { offset: at, cause })
  }
}

function truncated(offset: number): RivuletError {
  return new RivuletError('truncated', 'the patch ends inside a record', { offset })
}

function malformed(offset: number, what: string): RivuletError {
  return new RivuletError('malformed', what, { offset })
}
