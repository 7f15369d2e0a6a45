import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import type { PathPart, StoreDef } from './schema.ts'

/**
 * One delta that does what `older` and then `newer` do (wire.md §9.5). Neither is changed, and the result shares no map or set with them.
 *
 * One thing no delta can say: an element that `older` creates by modifying and `newer` modifies back to all zeros. Such an element is missing afterwards instead of being zero.
 *
 * @example
 * const pending = mergeDelta(BoardStore, waiting, next)
 */
export function mergeDelta(def: StoreDef, older: Delta, newer: Delta): Delta {
  return mergePlanned(planOf(def.types, def.state), older, newer)
}

/** {@link mergeDelta} for the struct of `plan`. */
export function mergePlanned(plan: DeltaPlan, older: Delta, newer: Delta): Delta {
  const out: Record<string, FieldDelta> = {}
  for (const field of plan.fields) {
    const a = older[field.name]
    const b = newer[field.name]
    if (a === undefined && b === undefined) continue
    if (field.shape === 'scalar') out[field.name] = (b ?? a) as FieldDelta
    else if (field.shape === 'value') out[field.name] = mergeValue(field, a ?? {}, b ?? {})
    else out[field.name] = mergeCollection(field, a ?? {}, b ?? {})
  }
  return out
}

function mergeValue(field: FieldPlan, a: FieldDelta, b: FieldDelta): FieldDelta {
  const replaced = b.whole !== undefined
  const whole = replaced ? b.whole : a.whole
  const before = replaced ? undefined : a.mod
  const mod = before === undefined || b.mod === undefined ? (b.mod ?? before) : mergeMods(field, before, b.mod)
  return { ...(whole === undefined ? {} : { whole }), ...(mod === undefined ? {} : { mod }) }
}

function mergeMods(field: FieldPlan, a: Delta, b: Delta): Delta {
  return mergePlanned((field.sub as () => DeltaPlan)(), a, b)
}

function mergeCollection(field: FieldPlan, a: FieldDelta, b: FieldDelta): FieldDelta {
  const base = b.whole === undefined ? a : {}
  const sets = new Map<PathPart, unknown>(base.sets)
  const deletes = new Set<PathPart>(base.deletes)
  const mods = new Map<PathPart, Delta>(base.mods)
  // Sets come before deletes when a delta is applied, so newer sets are entered first and newer deletes undo them.
  for (const [key, value] of b.sets ?? []) {
    sets.set(key, value)
    deletes.delete(key)
    mods.delete(key)
  }
  for (const key of b.deletes ?? []) {
    sets.delete(key)
    mods.delete(key)
    deletes.add(key)
  }
  for (const [key, mod] of b.mods ?? []) {
    const earlier = mods.get(key)
    mods.set(key, earlier === undefined ? mod : mergeMods(field, earlier, mod))
  }
  const whole = b.whole ?? a.whole
  return {
    ...(whole === undefined ? {} : { whole }),
    ...(sets.size === 0 ? {} : { sets }),
    ...(deletes.size === 0 ? {} : { deletes }),
    ...(mods.size === 0 ? {} : { mods }),
  }
}
