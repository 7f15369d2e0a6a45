import type { Delta, FieldDelta, Path } from '@rivulet/wire'

/**
 * How much of `path` it takes to reach something that `delta` gives as a whole, or -1 when it gives at most parts below the path.
 *
 * A catch-up always gives its key's path, or an ancestor of it, as a whole; a live change of something below does not. That is how the two are told apart
 * although the wire marks neither.
 */
export function touchedDepth(delta: Delta, path: Path): number {
  let part = delta
  for (let depth = 0; depth < path.length; depth++) {
    const name = path[depth]
    const op: FieldDelta | undefined = typeof name === 'string' && Object.hasOwn(part, name) ? part[name] : undefined
    if (op === undefined) return -1
    if (Object.hasOwn(op, 'set') || Object.hasOwn(op, 'whole')) return depth + 1
    if (depth + 1 === path.length) return -1
    const key = path[depth + 1]
    if (key !== undefined && (op.sets?.has(key) === true || op.deletes?.has(key) === true)) return depth + 2
    if (op.mod !== undefined) {
      part = op.mod
      continue
    }
    const below = key === undefined ? undefined : op.mods?.get(key)
    if (below === undefined) return -1
    part = below
    depth++
  }
  return -1
}
