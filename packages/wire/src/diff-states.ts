import { type Struct } from './apply-context.ts'
import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { equalValues } from './equal-values.ts'
import { RivuletError } from './errors.ts'
import type { PathPart, StoreDef, Types } from './schema.ts'
import { inDelta, wholeInDelta } from './snapshot-delta.ts'

/**
 * The least delta that turns `before` into `after`, or null when they are equal. Parts that are the same object are not looked into, so after a copy-on-write change this costs what changed.
 *
 * Throws `RivuletError` `invalid-value` when a list, map or set directly in the store became null: a delta cannot say that (wire.md §9.2). Below a struct that can be replaced, the struct is replaced instead.
 *
 * @example
 * const delta = diffStates(BoardStore, before, after)
 */
export function diffStates<S>(def: StoreDef<S>, before: S, after: S): Delta | null {
  const found = diffStruct(planOf(def.types, def.state), before as Struct, after as Struct)
  if (found instanceof Unsayable) {
    throw new RivuletError('invalid-value', 'a list, map or set cannot become null in a delta', {
      store: def.name,
      path: [found.field],
      hint: 'Assign an empty one, or send a full state.',
    })
  }
  return found
}

/** A difference that no delta of this struct can express; a class so that it cannot be mistaken for a delta. */
class Unsayable {
  readonly field: string
  constructor(field: string) {
    this.field = field
  }
}

type Found = Delta | Unsayable | null

function diffStruct(plan: DeltaPlan, before: Struct, after: Struct): Found {
  if (before === after) return null
  let out: Record<string, FieldDelta> | null = null
  for (const field of plan.fields) {
    const old = before[field.name]
    const now = after[field.name]
    if (old === now) continue
    const op = diffField(plan.types, field, old, now)
    if (op === null) continue
    if (op instanceof Unsayable) return op
    ;(out ??= {})[field.name] = op
  }
  return out
}

function diffField(types: Types, field: FieldPlan, before: unknown, after: unknown): FieldDelta | Unsayable | null {
  switch (field.shape) {
    case 'scalar':
      return equalValues(types, field.node, before, after) ? null : { set: inDelta(field, after) }
    case 'value': {
      if (before === null || after === null) return before === after ? null : { whole: inDelta(field, after) }
      const mod = diffStruct((field.sub as () => DeltaPlan)(), before as Struct, after as Struct)
      return mod === null ? null : mod instanceof Unsayable ? { whole: inDelta(field, after) } : { mod }
    }
    default:
      if (after === null) return before === null ? null : new Unsayable(field.name)
      return before === null ? { whole: wholeInDelta(field, after) } : diffCollection(types, field, before, after)
  }
}

function diffCollection(types: Types, field: FieldPlan, before: unknown, after: unknown): FieldDelta | null {
  switch (field.shape) {
    case 'list':
      return diffList(types, field, before as readonly unknown[], after as readonly unknown[])
    case 'bytes':
      return diffBytes(before as Uint8Array, after as Uint8Array)
    case 'map':
      return diffMap(types, field, before as Entries, after as Entries)
    default:
      return diffSet(before as ReadonlySet<PathPart>, after as ReadonlySet<PathPart>)
  }
}

interface Edits {
  readonly sets: Map<PathPart, unknown>
  readonly mods: Map<PathPart, Delta>
}

/** Enters how one element changed: modified where that can be said, else set. */
function diffElement(
  types: Types,
  field: FieldPlan,
  edits: Edits,
  key: PathPart,
  before: unknown,
  after: unknown,
): void {
  if (before === after) return
  if (field.sub !== null && before !== null && after !== null) {
    const mod = diffStruct(field.sub(), before as Struct, after as Struct)
    if (mod instanceof Unsayable) edits.sets.set(key, inDelta(field, after))
    else if (mod !== null) edits.mods.set(key, mod)
  } else if (!equalValues(types, field.element, before, after)) {
    edits.sets.set(key, inDelta(field, after))
  }
}

function diffList(
  types: Types,
  field: FieldPlan,
  before: readonly unknown[],
  after: readonly unknown[],
): FieldDelta | null {
  // A list cannot be shortened element by element.
  if (after.length < before.length) return { whole: wholeInDelta(field, after) }
  const edits: Edits = { sets: new Map(), mods: new Map() }
  for (let i = 0; i < before.length; i++) diffElement(types, field, edits, i, before[i], after[i])
  // With most elements replaced, sending indices as well only costs more.
  if (edits.sets.size > before.length / 2 && edits.sets.size > 1) return { whole: wholeInDelta(field, after) }
  for (let i = before.length; i < after.length; i++) edits.sets.set(i, inDelta(field, after[i]))
  return fieldDelta(edits)
}

function diffBytes(before: Uint8Array, after: Uint8Array): FieldDelta | null {
  if (after.length < before.length) return { whole: after }
  const sets = new Map<PathPart, unknown>()
  for (let i = 0; i < after.length; i++) {
    if (i >= before.length || before[i] !== after[i]) sets.set(i, after[i])
    // One set takes two bytes or more, a replaced byte takes one.
    if (sets.size * 2 > after.length) return { whole: after }
  }
  return sets.size === 0 ? null : { sets }
}

type Entries = ReadonlyMap<PathPart, unknown>

function diffMap(types: Types, field: FieldPlan, before: Entries, after: Entries): FieldDelta | null {
  if (before === after) return null
  const edits: Edits = { sets: new Map(), mods: new Map() }
  for (const [key, now] of after) {
    const old = before.get(key)
    if (old === undefined) edits.sets.set(key, inDelta(field, now))
    else diffElement(types, field, edits, key, old, now)
  }
  const deletes = missingFrom(before.keys(), after)
  if (deletes.size === before.size && deletes.size > 0) return { whole: wholeInDelta(field, after) }
  return fieldDelta(edits, deletes)
}

function diffSet(before: ReadonlySet<PathPart>, after: ReadonlySet<PathPart>): FieldDelta | null {
  const sets = new Map<PathPart, unknown>()
  for (const key of missingFrom(after, before)) sets.set(key, true)
  const deletes = missingFrom(before, after)
  if (deletes.size === before.size && deletes.size > 0) return { whole: after }
  return fieldDelta({ sets, mods: new Map() }, deletes)
}

function missingFrom(keys: Iterable<PathPart>, other: { has(key: PathPart): boolean }): Set<PathPart> {
  const out = new Set<PathPart>()
  for (const key of keys) if (!other.has(key)) out.add(key)
  return out
}

function fieldDelta({ sets, mods }: Edits, deletes: Set<PathPart> = new Set()): FieldDelta | null {
  if (sets.size + mods.size + deletes.size === 0) return null
  return {
    ...(sets.size === 0 ? {} : { sets }),
    ...(deletes.size === 0 ? {} : { deletes }),
    ...(mods.size === 0 ? {} : { mods }),
  }
}
