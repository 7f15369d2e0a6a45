import type { Struct } from './apply-context.ts'
import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { isIndex } from './node-at.ts'
import type { Path, PathPart, StoreDef } from './schema.ts'

/**
 * The delta that brings one path of a viewer up to date (keyed catch-up, wire.md §9.8), or null when only a full state can: the path is the whole store or leads nowhere,
 * an index is out of range, or the path holds a null list or map, which no delta can say (the reference sends an empty delta then, and a stale viewer stays stale).
 *
 * @example
 * const catchUp = snapshotDelta(BoardStore, state, ['cells', 4])
 */
export function snapshotDelta<S>(def: StoreDef<S>, state: S, path: Path): Delta | null {
  return snapshotStruct(planOf(def.types, def.state), state as Struct, path, 0)
}

function snapshotStruct(plan: DeltaPlan, struct: Struct, path: Path, at: number): Delta | null {
  if (at >= path.length) return null
  const field = plan.byName.get(path[at] as string)
  if (field === undefined) return null
  const op = snapshotField(field, struct[field.name], path, at + 1)
  return op === null ? null : { [field.name]: op }
}

function snapshotField(field: FieldPlan, value: unknown, path: Path, at: number): FieldDelta | null {
  const ends = at >= path.length
  switch (field.shape) {
    case 'scalar':
      return ends ? { set: inDelta(field, value) } : null
    case 'value': {
      if (ends || value === null) return { whole: inDelta(field, value) }
      const mod = snapshotStruct((field.sub as () => DeltaPlan)(), value as Struct, path, at)
      return mod === null ? null : { mod }
    }
    default:
      if (ends) return value === null ? null : { whole: wholeInDelta(field, value) }
      return snapshotElement(field, value, path, at)
  }
}

function snapshotElement(field: FieldPlan, value: unknown, path: Path, at: number): FieldDelta | null {
  const key = path[at] as PathPart
  if (field.shape === 'set') {
    const present = value !== null && (value as ReadonlySet<PathPart>).has(key)
    return present ? { sets: new Map([[key, true]]) } : { deletes: new Set([key]) }
  }
  if (field.shape === 'map') {
    if (value === null || !(value as ReadonlyMap<PathPart, unknown>).has(key)) return { deletes: new Set([key]) }
    return elementOf(field, (value as ReadonlyMap<PathPart, unknown>).get(key), path, at)
  }
  const list = value as readonly unknown[] | Uint8Array | null
  if (list === null || !isIndex(key) || key >= list.length) return null
  return elementOf(field, list[key], path, at)
}

function elementOf(field: FieldPlan, element: unknown, path: Path, at: number): FieldDelta | null {
  const key = path[at] as PathPart
  // Below an element that deltas only replace, the element itself is all that can be sent (wire.md §12.6).
  if (field.sub === null || at + 1 >= path.length || element === null)
    return { sets: new Map([[key, inDelta(field, element)]]) }
  const mod = snapshotStruct(field.sub(), element as Struct, path, at + 1)
  return mod === null ? null : { mods: new Map([[key, mod]]) }
}

/** A value of the state in the form in which a delta carries it. */
export function inDelta(field: FieldPlan, value: unknown): unknown {
  return field.loosen === undefined ? value : field.loosen(value)
}

/** A collection of the state in the form in which a delta carries it. */
export function wholeInDelta(field: FieldPlan, whole: unknown): unknown {
  const { loosen } = field
  if (loosen === undefined) return whole
  if (Array.isArray(whole)) return whole.map((v) => loosen(v))
  return whole instanceof Map ? new Map(Array.from(whole, ([k, v]) => [k, loosen(v)])) : whole
}
