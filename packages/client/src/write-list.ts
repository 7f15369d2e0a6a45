import type { PathPart } from '@rivulet/wire'
import type { KeysChange, RowsChange } from './list-query.ts'
import { KEYS, ROWS_CHANGE } from './patch.ts'
import { type PatchWriter, putByte, putHead, putPart, putUint } from './write-patch.ts'

/** Says how many rows watch `id` has, and what the keys in its window are, or what changed about them. */
export function putKeys(w: PatchWriter, id: number, { total, keys, removed, added }: KeysChange): void {
  putHead(w, KEYS, id)
  putUint(w, total)
  if (keys !== null) {
    putByte(w, 1)
    putParts(w, keys)
    return
  }
  putByte(w, 0)
  putUint(w, removed.length)
  let next = 0
  for (const at of removed) {
    putUint(w, at - next)
    next = at + 1
  }
  putUint(w, added.length)
  next = 0
  for (const { at, key } of added) {
    putUint(w, at - next)
    putPart(w, key)
    next = at + 1
  }
}

/** Says what happened to the rows of watch `id`. */
export function putRowsChange(w: PatchWriter, id: number, { fresh, added, removed, changed }: RowsChange): void {
  putHead(w, ROWS_CHANGE, id)
  putByte(w, fresh ? 1 : 0)
  putParts(w, added)
  putParts(w, removed)
  putUint(w, changed.length)
  for (const { key, fields } of changed) {
    putPart(w, key)
    putParts(w, fields ?? [])
  }
}

function putParts(w: PatchWriter, parts: readonly PathPart[]): void {
  putUint(w, parts.length)
  for (const part of parts) putPart(w, part)
}
