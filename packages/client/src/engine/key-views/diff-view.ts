import { equalValues, type PathPart, type TypeNode, type Types } from '@rivulet/wire'
import type { RowsChange } from '../../list-query.ts'
import { putRowsChange } from '../../write-list.ts'
import type { ListView } from './list-view.ts'
import { type Rows, rowsOf } from './rows.ts'

/** Fields noted for one row; a row with more changed fields counts as changed altogether. */
const MAX_FIELDS = 64

/** Rows noted between two patches, beyond twice those that the page has. */
const MAX_TOUCHED = 4096

/**
 * What happened to the rows since the last patch. A row that was changed and changed back counts as changed; one that came and went between two patches has never been there.
 *
 * It outlives a resync of the store: as long as the rows before it are at hand, what comes afterwards is compared with them.
 */
export function createDiffView(types: Types, row: TypeNode): ListView {
  /** What the page has. */
  const known = new Set<PathPart>()
  /** Rows that may have changed, with the fields; null: any of them. */
  let touched = new Map<PathPart, Set<PathPart> | null>()
  let given = false
  let all = true
  /** Rows that the page does not have were dropped from `touched`, to keep it in bounds. */
  let dropped = false
  let last: Rows | null = null
  /** Lists grow without a word about each element. */
  let length = 0

  const touchRow = (key: PathPart): void => {
    touched.set(key, null)
    bound()
  }

  const bound = (): void => {
    if (touched.size <= MAX_TOUCHED + 2 * known.size) return
    for (const key of touched.keys()) if (!known.has(key)) touched.delete(key)
    dropped = true
  }

  const compareAll = (rows: Rows): void => {
    const before = last
    for (const key of known) {
      const same = before?.has(key) === true && rows.has(key) && equalValues(types, row, before.get(key), rows.get(key))
      if (!same) touchRow(key)
    }
    dropped = true
  }

  const findDropped = (rows: Rows): void => {
    for (const key of rows.keys()) if (!known.has(key)) touched.set(key, null)
  }

  const changeOf = (rows: Rows): RowsChange => {
    const added: PathPart[] = []
    const removed: PathPart[] = []
    const changed: RowsChange['changed'][number][] = []
    for (const [key, fields] of touched) {
      if (rows.has(key)) {
        if (known.has(key)) changed.push({ key, fields: fields === null ? null : [...fields] })
        else added.push(key)
      } else if (known.has(key)) removed.push(key)
    }
    return { fresh: false, added, removed, changed }
  }

  const news = (rows: Rows, size: number): RowsChange => {
    for (let i = Math.min(length, size); i < Math.max(length, size); i++) touchRow(i)
    if (all) compareAll(rows)
    if (dropped) findDropped(rows)
    return changeOf(rows)
  }

  return {
    touch(path, from, to) {
      const key = path[from] as PathPart
      const fields = touched.get(key)
      if (fields === null) return
      if (to - from === 1) {
        touchRow(key)
        return
      }
      if (fields === undefined) touched.set(key, new Set([path[from + 1] as PathPart]))
      else if (fields.size >= MAX_FIELDS) touched.set(key, null)
      else fields.add(path[from + 1] as PathPart)
      if (fields === undefined) bound()
    },
    touchAll() {
      all = true
    },
    put(w, id, node, value) {
      const rows = rowsOf(node, value)
      const size = Array.isArray(rows.source) ? rows.size : 0
      const change = given ? news(rows, size) : { fresh: true, added: [...rows.keys()], removed: [], changed: [] }
      if (change.fresh || change.added.length + change.removed.length + change.changed.length > 0)
        putRowsChange(w, id, change)
      if (change.fresh) known.clear()
      for (const key of change.removed) known.delete(key)
      for (const key of change.added) known.add(key)
      touched = new Map()
      all = false
      dropped = false
      given = true
      last = rows
      length = size
    },
    restart() {
      given = false
    },
    close: () => undefined,
  }
}
