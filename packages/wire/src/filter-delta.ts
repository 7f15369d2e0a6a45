import type { Struct } from './apply-context.ts'
import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { pruneStruct } from './prune-delta.ts'
import type { Path, PathPart, StoreDef } from './schema.ts'
import { inDelta } from './snapshot-delta.ts'
import { structOf } from './struct-table.ts'
import { zeroOf, zeroStruct } from './zero.ts'

/**
 * The part of a delta that a viewer of `paths` needs, or null when it needs nothing (keyed delivery, wire.md §9.7). `state` is the state before the delta. Pure.
 *
 * Applied by a viewer that has only those paths, it leaves them as the full delta would; a missing element and one that is all zeros count as the same, because no delta can tell a viewer of a field that only its element exists.
 * It therefore keeps what the reference drops (pitfall 81, §12.8, §12.9): replacements above a path, several operations on one key, lists that lost the index, modifications that create an element.
 *
 * @example
 * const part = filterDelta(BoardStore, stateBefore, delta, [['cells', 4]])
 */
export function filterDelta<S>(def: StoreDef<S>, state: S, delta: Delta, paths: readonly Path[]): Delta | null {
  return deltaFilter(def, paths)(state, delta)
}

/**
 * {@link filterDelta} for many deltas and the same paths: a host asks at every change for every set of keys that somebody follows, most often for nothing. `paths` are read once.
 *
 * @example
 * const filter = deltaFilter(BoardStore, [['cells', 4]])
 * const part = filter(stateBefore, delta)
 */
export function deltaFilter<S>(def: StoreDef<S>, paths: readonly Path[]): (state: S, delta: Delta) => Delta | null {
  const want = wanted(paths)
  const plan = planOf(def.types, def.state)
  if (want === ALL) return (_state, delta) => (Object.keys(delta).length === 0 ? null : delta)
  return (state, delta) => filterStruct(plan, state as Struct, delta, want)
}

/** Everything below is wanted. */
const ALL = 'all'
type Want = typeof ALL | Wants
type Wants = Map<PathPart, Want>

function wanted(paths: readonly Path[]): Want {
  const root: Wants = new Map()
  for (const path of paths) {
    if (path.length === 0) return ALL
    let at = root
    for (const [i, part] of path.entries()) {
      const next = at.get(part)
      if (next === ALL) break
      if (i === path.length - 1) at.set(part, ALL)
      else {
        const below: Wants = next ?? new Map()
        at.set(part, below)
        at = below
      }
    }
  }
  return root
}

function filterStruct(plan: DeltaPlan, struct: Struct, delta: Delta, wants: Wants): Delta | null {
  let out: Record<string, FieldDelta> | null = null
  for (const field of plan.fields) {
    const op = delta[field.name]
    const want = wants.get(field.name)
    if (op === undefined || want === undefined) continue
    const kept = want === ALL ? op : filterField(field, struct[field.name], op, want)
    if (kept !== null) (out ??= {})[field.name] = kept
  }
  return out
}

function filterField(field: FieldPlan, before: unknown, op: FieldDelta, wants: Wants): FieldDelta | null {
  switch (field.shape) {
    case 'scalar':
      return op
    case 'value': {
      if (op.whole !== undefined) return op
      const mod = op.mod === undefined ? null : filterMod(field, before, op.mod, wants)
      return mod === null ? null : { mod }
    }
    default: {
      if (op.whole !== undefined && loses(field, op, wants)) return op
      return filterElements(field, before, op, wants)
    }
  }
}

/** A modification that creates its target is kept as it is: every viewer of the target has to hear of it. */
function filterMod(field: FieldPlan, before: unknown, mod: Delta, want: Want): Delta | null {
  if (want === ALL || before === null || before === undefined) return mod
  return filterStruct((field.sub as () => DeltaPlan)(), before as Struct, mod, want)
}

/** Whether a replaced list ends before a wanted index: only the replacement itself can say so. */
function loses(field: FieldPlan, op: FieldDelta, wants: Wants): boolean {
  if (field.shape !== 'list' && field.shape !== 'bytes') return false
  const length = lengthAfter(field, op)
  for (const key of wants.keys()) if (typeof key !== 'number' || key >= length) return true
  return false
}

function lengthAfter(field: FieldPlan, op: FieldDelta): number {
  let length = (op.whole as readonly unknown[] | Uint8Array).length
  for (const key of op.sets?.keys() ?? []) if (typeof key === 'number') length = Math.max(length, key + 1)
  for (const [key, mod] of op.mods ?? []) {
    if (typeof key === 'number' && key >= length && creates(field, mod)) length = key + 1
  }
  return length
}

function creates(field: FieldPlan, mod: Delta): boolean {
  const plan = (field.sub as () => DeltaPlan)()
  return pruneStruct(plan, zeroStruct(plan.types, structOf(plan.types, plan.ref)), mod, true) !== null
}

function filterElements(field: FieldPlan, before: unknown, op: FieldDelta, wants: Wants): FieldDelta | null {
  // Made when needed: most of the time a delta is about somebody else's keys.
  let sets: Map<PathPart, unknown> | undefined
  let deletes: Set<PathPart> | undefined
  let mods: Map<PathPart, Delta> | undefined
  for (const [key, want] of wants) {
    const put = putOf(field, op, key)
    if (put !== undefined) (sets ??= new Map()).set(key, put.value)
    const gone =
      op.deletes?.has(key) === true ||
      (op.whole !== undefined && put === undefined && field.shape !== 'list' && field.shape !== 'bytes')
    if (gone) (deletes ??= new Set()).add(key)
    const mod = op.mods?.get(key)
    if (mod === undefined) continue
    const kept =
      put !== undefined || gone || op.whole !== undefined ? mod : filterMod(field, elementOf(before, key), mod, want)
    if (kept !== null) (mods ??= new Map()).set(key, kept)
  }
  if (sets === undefined && deletes === undefined && mods === undefined) return null
  return {
    ...(sets === undefined ? {} : { sets }),
    ...(deletes === undefined ? {} : { deletes }),
    ...(mods === undefined ? {} : { mods }),
  }
}

/** What `sets`, or else `whole`, puts under a key. */
function putOf(field: FieldPlan, op: FieldDelta, key: PathPart): { readonly value: unknown } | undefined {
  if (op.sets?.has(key) === true) return { value: op.sets.get(key) }
  const { whole } = op
  if (whole instanceof Map) return whole.has(key) ? { value: whole.get(key) } : undefined
  if (whole instanceof Set) return whole.has(key) ? { value: true } : undefined
  const list = whole as readonly unknown[] | undefined
  if (list === undefined || typeof key !== 'number') return undefined
  // Beyond the replaced list, but within what later operations make of it: it starts from zero, whatever the viewer has there.
  return { value: key < list.length ? list[key] : inDelta(field, zeroOf(field.types, field.element)) }
}

function elementOf(collection: unknown, key: PathPart): unknown {
  if (collection instanceof Map) return collection.get(key)
  return Array.isArray(collection) && typeof key === 'number' ? collection[key] : undefined
}
