import { applying, type Applying, settledWhole, type Struct } from './apply-context.ts'
import { applyField } from './apply-delta.ts'
import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { equalValues } from './equal-values.ts'
import type { PathPart, StoreDef, Types } from './schema.ts'
import { structOf } from './struct-table.ts'
import { zeroStruct } from './zero.ts'

/**
 * The delta without the operations that would not change `state`, or null when nothing is left (wire.md §9.3). Pure.
 * Unlike the reference it looks at what earlier operations of the same delta leave behind, so "set, then modify back" and "delete, then modify" come out right (pitfall 82, §12.7).
 *
 * @example
 * const news = pruneDelta(BoardStore, state, delta)
 * if (news !== null) broadcast(encodeDelta(BoardStore, news))
 */
export function pruneDelta<S>(def: StoreDef<S>, state: S, delta: Delta): Delta | null {
  return pruneStruct(planOf(def.types, def.state), state as Struct, delta, false)
}

/**
 * {@link pruneDelta} for the struct of `plan`. With `creating` the struct is a zero that exists only if the delta changes it, be it only to change it back: then operations that cancel each other out have to stay.
 */
export function pruneStruct(plan: DeltaPlan, struct: Struct, delta: Delta, creating: boolean): Delta | null {
  let out: Record<string, FieldDelta> | null = null
  for (const field of plan.fields) {
    const op = delta[field.name]
    if (op === undefined) continue
    const left = pruneField(field, struct[field.name], op, creating)
    if (left !== null) (out ??= {})[field.name] = left
  }
  return out
}

function pruneField(field: FieldPlan, before: unknown, op: FieldDelta, creating: boolean): FieldDelta | null {
  switch (field.shape) {
    case 'scalar':
      return op.set === undefined || same(field, before, op.set) ? null : op
    case 'value':
      return pruneValue(field, before, op, creating)
    default:
      return pruneCollection(field, before, op, creating)
  }
}

/** Whether a value of the delta equals one of the state. */
function same(field: FieldPlan, before: unknown, value: unknown): boolean {
  return equalValues(field.types, field.element, before, field.settle === undefined ? value : field.settle(value))
}

/** A run of apply that owns nothing and tells nobody: how a net result is found. */
function trial(types: Types): Applying {
  return applying(types, new Set<object>(), undefined, false)
}

function changesNothing(field: FieldPlan, before: unknown, op: FieldDelta): boolean {
  return equalValues(field.types, field.node, before, applyField(trial(field.types), field, before, op, 0))
}

function pruneMod(field: FieldPlan, target: unknown, mod: Delta, creating: boolean): Delta | null {
  const plan = (field.sub as () => DeltaPlan)()
  if (target !== null && target !== undefined) return pruneStruct(plan, target as Struct, mod, creating)
  return pruneStruct(plan, zeroStruct(plan.types, structOf(plan.types, plan.ref)), mod, true)
}

function pruneValue(field: FieldPlan, before: unknown, op: FieldDelta, creating: boolean): FieldDelta | null {
  const replaces = op.whole !== undefined && !same(field, before, op.whole)
  const target = replaces ? op.whole : before
  const mod = op.mod === undefined ? null : pruneMod(field, target, op.mod, creating)
  if (!replaces) return mod === null ? null : { mod }
  if (mod === null) return { whole: op.whole }
  const left = { whole: op.whole, mod }
  return !creating && changesNothing(field, before, left) ? null : left
}

function pruneCollection(field: FieldPlan, before: unknown, op: FieldDelta, creating: boolean): FieldDelta | null {
  const replaces =
    op.whole !== undefined && !equalValues(field.types, field.node, before, settledWhole(field, op.whole))
  const target = replaces ? settledWhole(field, op.whole) : before
  const edits = pruneEdits(field, target, op, creating)
  if (!replaces) return edits
  if (edits === null) return { whole: op.whole }
  const left = { whole: op.whole, ...edits }
  return !creating && changesNothing(field, before, left) ? null : left
}

type Edits = {
  sets?: Map<PathPart, unknown>
  deletes?: Set<PathPart>
  mods?: Map<PathPart, Delta>
}

function pruneEdits(field: FieldPlan, target: unknown, op: FieldDelta, creating: boolean): FieldDelta | null {
  const keys = new Set<PathPart>([...(op.sets?.keys() ?? []), ...(op.deletes ?? []), ...(op.mods?.keys() ?? [])])
  const sets = new Map<PathPart, unknown>()
  const deletes = new Set<PathPart>()
  const mods = new Map<PathPart, Delta>()
  for (const key of keys) {
    const edit = pruneKey(field, target, key, op, creating)
    if (edit === null) continue
    if (edit.set !== undefined) sets.set(key, edit.set)
    if (edit.delete) deletes.add(key)
    if (edit.mod !== null) mods.set(key, edit.mod)
  }
  const out: Edits = {}
  if (sets.size > 0) out.sets = sets
  if (deletes.size > 0) out.deletes = deletes
  if (mods.size > 0) out.mods = mods
  return Object.keys(out).length === 0 ? null : out
}

/** What is left of the operations on one key; they apply in this order. */
interface KeyEdit {
  readonly set: unknown
  readonly delete: boolean
  readonly mod: Delta | null
}

/** Stands for an element that is not there. */
const MISSING: unique symbol = Symbol('missing')

function pruneKey(field: FieldPlan, target: unknown, key: PathPart, op: FieldDelta, creating: boolean): KeyEdit | null {
  const list = field.shape === 'list' || field.shape === 'bytes'
  if (list && (key as number | bigint) < 0) return null
  const before = entryOf(target, key)
  let now = before
  let set: unknown
  if (op.sets?.has(key) === true) {
    const value = op.sets.get(key)
    if (before === MISSING || !same(field, before, field.shape === 'set' ? before : value)) {
      set = value
      now = field.settle === undefined ? value : field.settle(value)
    }
  }
  let remove = false
  if (op.deletes?.has(key) === true && now !== MISSING) {
    // A set that is deleted again leaves nothing, except on a null map: there it leaves an empty one.
    const leaves = target === null || creating
    if (!leaves) set = undefined
    remove = before !== MISSING || leaves
    now = MISSING
  }
  const given = op.mods?.get(key)
  const mod = given === undefined ? null : pruneMod(field, now === MISSING ? null : now, given, creating)
  if (set === undefined && !remove && mod === null) return null
  const edit = { set, delete: remove, mod }
  const several = (set === undefined ? 0 : 1) + (remove ? 1 : 0) + (mod === null ? 0 : 1) > 1
  return several && !creating && before !== MISSING && undoes(field, key, before, edit) ? null : edit
}

function entryOf(target: unknown, key: PathPart): unknown {
  if (target === null) return MISSING
  if (target instanceof Map) return target.has(key) ? target.get(key) : MISSING
  if (target instanceof Set) return target.has(key) ? true : MISSING
  const list = target as readonly unknown[]
  return typeof key === 'number' && key < list.length ? list[key] : MISSING
}

/** Whether several operations on one existing element leave it as it was. */
function undoes(field: FieldPlan, key: PathPart, before: unknown, edit: KeyEdit): boolean {
  const at = field.shape === 'list' ? 0 : key
  const op: FieldDelta = {
    ...(edit.set === undefined ? {} : { sets: new Map([[at, edit.set]]) }),
    ...(edit.delete ? { deletes: new Set([at]) } : {}),
    ...(edit.mod === null ? {} : { mods: new Map([[at, edit.mod]]) }),
  }
  return changesNothing(field, field.shape === 'list' ? [before] : new Map([[key, before]]), op)
}
