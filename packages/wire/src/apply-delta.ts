import {
  type Applying,
  applying,
  changed,
  fillTo,
  freshStruct,
  ownList,
  ownMap,
  ownStruct,
  reach,
  type Report,
  same,
  settled,
  settledWhole,
  type Struct,
} from './apply-context.ts'
import { cloneValue } from './clone-value.ts'
import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { unknownField } from './encode-delta.ts'
import { deleteEntry, putKey, setByte, setElement, setEntry, Touched } from './edit-collection.ts'
import { atPath, isRivuletError, withPlace } from './errors.ts'
import type { Ownership } from './ownership.ts'
import type { Path, PathPart, StoreDef, TypeNode } from './schema.ts'
import { shareValue } from './share-value.ts'

/** What {@link applyDelta} returns: the new state and the paths that changed, none of them below another. */
export interface Applied<S> {
  readonly state: S
  readonly changed: readonly Path[]
}

/**
 * Applies a delta and returns the new state (wire.md §9.3). Pure: `state` and `delta` are not touched, containers on a changed path are copied, everything else keeps its identity.
 * Operations that change nothing are not applied: a state that stays equal is returned as it is.
 *
 * Throws `RivuletError` `index` for a list index far beyond the end, `path` for a field that does not exist. Nothing is applied then.
 *
 * @example
 * const { state: next, changed } = applyDelta(BoardStore, state, { xTurn: { set: false } })
 */
export function applyDelta<S>(def: StoreDef<S>, state: S, delta: Delta): Applied<S> {
  const paths: Path[] = []
  const report: Report = (path, depth) => paths.push(path.slice(0, depth))
  return { state: applyDeltaWith(def, state, delta, { report }), changed: paths }
}

/** Options of {@link applyDeltaWith} and `applyMessage`. */
export interface ApplyOptions {
  /** Containers that may be changed in place; none by default. */
  readonly owned?: Ownership
  /** Hears of every changed path, in the order in which the changes are made. */
  readonly report?: Report | undefined
}

/**
 * {@link applyDelta} with a say in what may be changed in place and how changes are heard of. The delta itself is never changed or adopted by an owner.
 *
 * Throws as {@link applyDelta}; what is owned may then be half changed.
 *
 * @example
 * state = applyDeltaWith(BoardStore, state, delta, { owned: OWNS_ALL, report: (path, depth) => mark(path, depth) })
 */
export function applyDeltaWith<S>(def: StoreDef<S>, state: S, delta: Delta, options: ApplyOptions): S {
  const ctx = applying(def.types, options.owned ?? new Set<object>(), options.report, false)
  try {
    return applyStruct(ctx, planOf(def.types, def.state), state as Struct, delta, 0) as S
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}

/** Applies a delta to one struct; returns `base` itself when nothing changed or it is owned. */
export function applyStruct(ctx: Applying, plan: DeltaPlan, base: Struct, delta: Delta, depth: number): Struct {
  for (const name in delta) if (!plan.byName.has(name)) throw unknownField(plan, name)
  let out = base
  for (const field of plan.fields) {
    const op = delta[field.name]
    if (op === undefined) continue
    ctx.path[depth] = field.name
    const before = out[field.name]
    let after: unknown
    try {
      after = applyField(ctx, field, before, op, depth + 1)
    } catch (e) {
      throw atPath(e, field.name)
    }
    if (same(after, before)) continue
    if (out === base) out = ownStruct(ctx, base)
    out[field.name] = after
  }
  return out
}

/** Applies one field's operation; the field's path is in place up to `depth`. */
export function applyField(ctx: Applying, field: FieldPlan, before: unknown, op: FieldDelta, depth: number): unknown {
  switch (field.shape) {
    case 'scalar': {
      if (op.set === undefined) return before
      const after = settled(ctx, field, before, adopt(ctx, field.value, op.set))
      if (!same(after, before)) changed(ctx, depth)
      return after
    }
    case 'value':
      return applyValue(ctx, field, before, op, depth)
    case 'list':
      return editing(ctx, field, before, op, depth, applyList)
    case 'bytes':
      return editing(ctx, field, before, op, depth, applyBytes)
    case 'map':
      return editing(ctx, field, before, op, depth, applyMap)
    default:
      return editing(ctx, field, before, op, depth, applySet)
  }
}

/** A value of the delta, copied where the target's owner would otherwise take it for its own and change it later. */
function adopt(ctx: Applying, node: TypeNode, v: unknown): unknown {
  return !ctx.fresh && typeof v === 'object' && v !== null && ctx.owned.has(v) ? cloneValue(ctx.types, node, v) : v
}

function applyValue(ctx: Applying, field: FieldPlan, before: unknown, op: FieldDelta, depth: number): unknown {
  let now = before
  const { report } = ctx
  if (op.whole !== undefined) {
    now = settled(ctx, field, before, adopt(ctx, field.value, op.whole))
    if (now !== before) {
      changed(ctx, depth)
      ctx.report = undefined
    }
  }
  if (op.mod !== undefined) now = modify(ctx, field, now, op.mod, depth)
  ctx.report = report
  return now
}

/** Applies a modification to a struct that may be missing; a missing one is created only by a modification that changes something. */
function modify(ctx: Applying, field: FieldPlan, before: unknown, mod: Delta, depth: number): unknown {
  const plan = (field.sub as () => DeltaPlan)()
  if (before !== null && before !== undefined) return applyStruct(ctx, plan, before as Struct, mod, depth)
  const seen = ctx.changes
  const made = applyStruct(ctx, plan, freshStruct(ctx, plan.ref), mod, depth)
  return ctx.changes === seen ? before : made
}

type Edit = (ctx: Applying, field: FieldPlan, before: never, op: FieldDelta, depth: number) => unknown

/** Runs `whole`, then `edit` on the result; below a replaced collection nothing more is reported. */
function editing(ctx: Applying, field: FieldPlan, before: unknown, op: FieldDelta, depth: number, edit: Edit): unknown {
  let now = before
  const { report } = ctx
  if (op.whole !== undefined) {
    now = replaceWhole(ctx, field, before, adopt(ctx, field.whole, op.whole), depth)
    if (now !== before) ctx.report = undefined
  }
  now = edit(ctx, field, now as never, op, depth)
  ctx.report = report
  return now
}

/** A collection replaced as a whole: `before` when equal, else reported and put in place. */
function replaceWhole(ctx: Applying, field: FieldPlan, before: unknown, whole: unknown, depth: number): unknown {
  const now = shareValue(ctx.types, field.node, before, settledWhole(field, whole), ctx.fresh)
  if (now !== before) changed(ctx, depth)
  return now
}

function applyList(ctx: Applying, field: FieldPlan, before: unknown[] | null, op: FieldDelta, depth: number): unknown {
  let list = before
  const touched = new Touched()
  const known = before?.length ?? 0
  let at: PathPart = '?'
  try {
    for (const [key, value] of op.sets ?? []) {
      at = key
      list = setElement(ctx, field, list, key, adopt(ctx, field.value, value), depth, touched, known)
    }
    for (const [key, mod] of op.mods ?? []) {
      at = key
      const index = reach(ctx, key, list?.length ?? 0)
      if (index < 0) continue
      const old = list === null || index >= list.length ? undefined : list[index]
      const now = modifyAt(ctx, field, old, mod, index, depth, touched)
      if (now === old) continue
      list = ownList(ctx, list)
      fillTo(ctx, field, list, index)
      list[index] = now
    }
  } catch (e) {
    throw atPath(e, at)
  }
  return list
}

/** Modifies one element; nothing is reported below an element that was already reported. */
function modifyAt(
  ctx: Applying,
  field: FieldPlan,
  old: unknown,
  mod: Delta,
  key: PathPart,
  depth: number,
  touched: Touched,
): unknown {
  const { report } = ctx
  if (touched.has(key)) ctx.report = undefined
  ctx.path[depth] = key
  const now = modify(ctx, field, old, mod, depth + 1)
  ctx.report = report
  return now
}

function applyBytes(ctx: Applying, _: FieldPlan, before: Uint8Array | null, op: FieldDelta, depth: number): unknown {
  let bytes = before
  const known = before?.length ?? 0
  for (const [key, value] of op.sets ?? []) {
    try {
      bytes = setByte(ctx, bytes, key, value as number, depth, known)
    } catch (e) {
      throw atPath(e, key)
    }
  }
  return bytes
}

type Entries = Map<PathPart, unknown>

function applyMap(ctx: Applying, field: FieldPlan, before: Entries | null, op: FieldDelta, depth: number): unknown {
  let map = before
  const touched = new Touched()
  let at: PathPart = '?'
  try {
    for (const [key, value] of op.sets ?? []) {
      at = key
      map = setEntry(ctx, field, map, key, adopt(ctx, field.value, value), depth, touched)
    }
    for (const key of op.deletes ?? []) map = deleteEntry(ctx, map, key, depth, touched)
    for (const [key, mod] of op.mods ?? []) {
      at = key
      const old = map === null ? undefined : map.get(key)
      const now = modifyAt(ctx, field, old, mod, key, depth, touched)
      if (now !== old) (map = ownMap(ctx, map)).set(key, now)
    }
  } catch (e) {
    throw atPath(e, at)
  }
  return map
}

function applySet(ctx: Applying, _: FieldPlan, before: Set<PathPart> | null, op: FieldDelta, depth: number): unknown {
  let set = before
  const touched = new Touched()
  for (const key of op.sets?.keys() ?? []) set = putKey(ctx, set, key, true, depth, touched)
  for (const key of op.deletes ?? []) set = putKey(ctx, set, key, false, depth, touched)
  return set
}
