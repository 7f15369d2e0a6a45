import {
  type Applying,
  changed,
  fillTo,
  ownBytes,
  ownList,
  ownMap,
  ownSet,
  reach,
  same,
  settled,
} from './apply-context.ts'
import type { FieldPlan } from './delta-plan.ts'
import type { PathPart } from './schema.ts'

/** Which keys have been reported by an earlier kind of operation: those are not reported again, nor is anything below them. */
export class Touched {
  readonly #keys: PathPart[] = []
  #set: Set<PathPart> | undefined

  get empty(): boolean {
    return this.#keys.length === 0
  }

  add(key: PathPart): void {
    this.#keys.push(key)
    this.#set?.add(key)
  }

  has(key: PathPart): boolean {
    if (this.#keys.length === 0) return false
    this.#set ??= new Set(this.#keys)
    return this.#set.has(key)
  }
}

/** Puts one element into a list, growing it as needed. Elements from `known` on are new: setting them is a change even where filling has just made the same value. */
export function setElement(
  ctx: Applying,
  field: FieldPlan,
  list: unknown[] | null,
  key: PathPart,
  value: unknown,
  depth: number,
  touched: Touched,
  known: number,
): unknown[] | null {
  const index = reach(ctx, key, list?.length ?? 0)
  if (index < 0) return list
  const old = index < known ? (list as unknown[])[index] : undefined
  const now = settled(ctx, field, old, value)
  if (index < known && same(now, old)) return list
  const out = ownList(ctx, list)
  fillTo(ctx, field, out, index)
  out[index] = now
  ctx.path[depth] = index
  if (!touched.has(index)) changed(ctx, depth + 1)
  touched.add(index)
  return out
}

/** Puts one byte into a byte list, growing it as needed. */
export function setByte(
  ctx: Applying,
  bytes: Uint8Array | null,
  key: PathPart,
  value: number,
  depth: number,
  known: number,
): Uint8Array | null {
  const index = reach(ctx, key, bytes?.length ?? 0)
  if (index < 0 || (index < known && (bytes as Uint8Array)[index] === value)) return bytes
  const out = ownBytes(ctx, bytes, index)
  out[index] = value
  ctx.path[depth] = index
  changed(ctx, depth + 1)
  return out
}

type Entries = Map<PathPart, unknown>

/** Puts one entry into a map. */
export function setEntry(
  ctx: Applying,
  field: FieldPlan,
  map: Entries | null,
  key: PathPart,
  value: unknown,
  depth: number,
  touched: Touched,
): Entries | null {
  const old = map === null ? undefined : map.get(key)
  const now = settled(ctx, field, old, value)
  if (same(now, old)) return map
  const out = ownMap(ctx, map)
  out.set(key, now)
  ctx.path[depth] = key
  if (!touched.has(key)) changed(ctx, depth + 1)
  touched.add(key)
  return out
}

/** Removes one entry from a map; a map that is null stays null. */
export function deleteEntry(
  ctx: Applying,
  map: Entries | null,
  key: PathPart,
  depth: number,
  touched: Touched,
): Entries | null {
  if (map === null || !map.has(key)) return map
  const out = ownMap(ctx, map)
  out.delete(key)
  ctx.path[depth] = key
  if (!touched.has(key)) changed(ctx, depth + 1)
  touched.add(key)
  return out
}

/** Adds a key to a set, or removes it. */
export function putKey(
  ctx: Applying,
  set: Set<PathPart> | null,
  key: PathPart,
  present: boolean,
  depth: number,
  touched: Touched,
): Set<PathPart> | null {
  if ((set?.has(key) ?? false) === present) return set
  const out = ownSet(ctx, set)
  if (present) out.add(key)
  else out.delete(key)
  ctx.path[depth] = key
  if (!touched.has(key)) changed(ctx, depth + 1)
  touched.add(key)
  return out
}
