import type { PathPart } from '@rivulet/wire'
import type { KeysChange } from '../../list-query.ts'
import { putKeys } from '../../write-list.ts'
import type { ListView } from './list-view.ts'
import { rowsOf } from './rows.ts'
import type { SharedIndex } from './share-index.ts'

/**
 * A window on an index: its keys, and how many rows there are in all.
 *
 * `isKnown` says whether this watch has its value, as the engine counts it.
 */
export function createKeysView(
  shared: SharedIndex,
  offset: number,
  limit: number | undefined,
  isKnown: () => boolean,
): ListView {
  const { index } = shared
  let seen = -1
  let total = -1
  /** What the page has; not kept of an index that is watched from end to end, which tells its edits itself. */
  let window: readonly PathPart[] = []
  let joined = false
  const whole = offset === 0 && limit === undefined
  const leave = shared.join(isKnown)

  const changeOf = (): KeysChange | null => {
    const size = index.size
    if (whole) {
      const { edits } = index
      const keys = edits !== null && seen === index.version - 1 ? null : index.slice(0, size)
      return { total: size, keys, removed: [], added: [], ...(keys === null ? edits : {}) }
    }
    const before = window
    window = limit === 0 ? [] : index.slice(offset, limit ?? size)
    const change = seen === -1 ? { removed: [], added: [] } : difference(before, window)
    if (seen !== -1 && size === total && change.removed.length === 0 && change.added.length === 0) return null
    return { total: size, keys: seen === -1 ? window : null, ...change }
  }

  return {
    touch: (path, from) => index.touch(path[from] as PathPart),
    touchAll() {
      // A further window on an index that others keep current says nothing about the rows; scrolling must not cost a look at all of them.
      const first = !joined
      joined = true
      if (!first || !index.current || !shared.isKnown(isKnown)) index.touchAll()
    },
    put(w, id, node, value) {
      index.update(rowsOf(node, value))
      if (seen === index.version) return
      const change = changeOf()
      if (change !== null) putKeys(w, id, change)
      seen = index.version
      total = index.size
    },
    restart() {
      seen = -1
      index.touchAll()
    },
    close: leave,
  }
}

/** From one window to the next: what they have in common at both ends stays. A window is as large as what somebody looks at, so no shorter way is looked for. */
function difference(before: readonly PathPart[], after: readonly PathPart[]): Pick<KeysChange, 'removed' | 'added'> {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const removed = Array.from({ length: before.length - head - tail }, (_, i) => head + i)
  const added = after.slice(head, after.length - tail).map((key, i) => ({ at: head + i, key }))
  return { removed, added }
}
