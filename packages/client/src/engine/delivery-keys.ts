import { formatKey, isRivuletError, type Path, type StoreDef, structOf, type TypeNode } from '@rivulet/wire'
import type { Delivery } from '../protocol.ts'
import { partKey, pathKey } from './path-key.ts'

/** One subscription key: the path it stands for, and how the wire spells it. */
export interface DeliveryKey {
  readonly path: Path
  readonly wire: string
}

/** Longest key that a host accepts, in bytes (session.md §9). */
export const MAX_KEY_BYTES = 4096

const utf8 = new TextEncoder()

/**
 * The fewest keys that cover all `paths`, none of them below another, by their {@link pathKey}.
 *
 * `delivery` says how precise they may be: `exact` = each path as it is; `safe` = a top-level field or an element of a top-level map, never below a nested struct, a list index or a
 * map element, because a reference host loses updates there (wire.md §9.7); `field` = top-level fields; `store` = the whole store.
 * More than `limit` keys collapse to their common parents, deepest first, in the end to the whole store. A key that the wire cannot spell (a part with `%&`, more than 4096 bytes) falls back
 * to its parent.
 *
 * @example
 * deliveryKeys(BoardStore, [['cells', 4], ['xTurn']], 'safe')   // Cells, XTurn
 */
export function deliveryKeys(
  def: StoreDef,
  paths: Iterable<Path>,
  delivery: Delivery,
  limit = 256,
): Map<string, DeliveryKey> {
  const keys = new Map<string, DeliveryKey>()
  for (const path of paths) {
    const cut = cutAt(def, path, delivery)
    if (keys.has(pathKey(cut))) continue
    const key = spell(def, cut)
    keys.set(pathKey(key.path), key)
  }
  dropCovered(keys)
  const most = Math.max(1, limit)
  while (keys.size > most) collapse(def, keys, most)
  return keys
}

/** Whether one of `keys` covers `path`. */
export function covers(keys: ReadonlyMap<string, unknown>, path: Path): boolean {
  if (keys.size === 0) return false
  let key = ''
  if (keys.has(key)) return true
  for (const part of path) {
    key += partKey(part)
    if (keys.has(key)) return true
  }
  return false
}

/** The part of `path` that may be a key under `delivery`. */
function cutAt(def: StoreDef, path: Path, delivery: Delivery): Path {
  if (delivery === 'store') return []
  if (delivery === 'exact') return path
  if (delivery === 'field' || path.length < 2) return path.slice(0, 1)
  const field = structOf(def.types, def.state).fields.find((f) => f.name === path[0])
  return field !== undefined && isKeyedMap(field.type) ? path.slice(0, 2) : path.slice(0, 1)
}

/** A map whose elements a host can address: bool and float keys have no spelling that it would understand. */
function isKeyedMap(node: TypeNode): boolean {
  return node.kind === 'map' && node.key.kind !== 'bool' && node.key.kind !== 'float32' && node.key.kind !== 'float64'
}

function spell(def: StoreDef, path: Path): DeliveryKey {
  if (path.length === 0) return { path, wire: '' }
  try {
    const wire = formatKey(def, path)
    if (wire.length <= MAX_KEY_BYTES && utf8.encode(wire).length <= MAX_KEY_BYTES) return { path, wire }
  } catch (e) {
    // 'path' says that the wire has no spelling for it, which only means that the key has to be coarser.
    if (!isRivuletError(e) || e.code !== 'path') throw e
  }
  return spell(def, path.slice(0, -1))
}

function dropCovered(keys: Map<string, DeliveryKey>): void {
  for (const [id, { path }] of keys) if (path.length > 0 && covers(keys, path.slice(0, -1))) keys.delete(id)
}

/**
 * Replaces groups of the deepest keys with one parent by that parent, the largest groups first, until no more than `limit` are left or the level is gone. One pass a level: keys
 * that share no parents would otherwise cost a pass each.
 */
function collapse(def: StoreDef, keys: Map<string, DeliveryKey>, limit: number): void {
  let deepest = 0
  for (const { path } of keys.values()) deepest = Math.max(deepest, path.length)
  const groups = new Map<string, { path: Path; ids: string[] }>()
  for (const [id, { path }] of keys) {
    if (path.length < deepest) continue
    const parent = path.slice(0, -1)
    const group = groups.get(pathKey(parent))
    if (group === undefined) groups.set(pathKey(parent), { path: parent, ids: [id] })
    else group.ids.push(id)
  }
  for (const { path, ids } of [...groups.values()].toSorted((a, b) => b.ids.length - a.ids.length)) {
    if (keys.size <= limit) break
    for (const id of ids) keys.delete(id)
    const key = spell(def, path)
    keys.set(pathKey(key.path), key)
  }
  dropCovered(keys)
}
