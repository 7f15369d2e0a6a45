import type { PathPart } from '@rivulet/wire'
import type { KeysChange, RowsChange } from './list-query.ts'
import { type Cursor, takeByte, takeCount, takePart, takeUint } from './patch-cursor.ts'

/** Reads the body of a `keys` record. Throws like `readPatch`. */
export function takeKeys(r: Cursor): KeysChange {
  const total = takeUint(r)
  if (takeByte(r) === 1) return { total, keys: takeParts(r), removed: [], added: [] }
  const removed: number[] = []
  let next = 0
  for (let n = takeCount(r); n > 0; n--) {
    const at = next + takeUint(r)
    removed.push(at)
    next = at + 1
  }
  const added: { at: number; key: PathPart }[] = []
  next = 0
  for (let n = takeCount(r); n > 0; n--) {
    const at = next + takeUint(r)
    added.push({ at, key: takePart(r) })
    next = at + 1
  }
  return { total, keys: null, removed, added }
}

/** Reads the body of a `rows changed` record. Throws like `readPatch`. */
export function takeRowsChange(r: Cursor): RowsChange {
  const fresh = takeByte(r) === 1
  const added = takeParts(r)
  const removed = takeParts(r)
  const changed: { key: PathPart; fields: readonly PathPart[] | null }[] = []
  for (let n = takeCount(r); n > 0; n--) {
    const key = takePart(r)
    const fields = takeParts(r)
    changed.push({ key, fields: fields.length === 0 ? null : fields })
  }
  return { fresh, added, removed, changed }
}

function takeParts(r: Cursor): PathPart[] {
  const parts: PathPart[] = []
  for (let n = takeCount(r); n > 0; n--) parts.push(takePart(r))
  return parts
}
