import {
  type Delta,
  type DeltaPlan,
  equalValues,
  type FieldDelta,
  type FieldPlan,
  type PathPart,
  planOf,
  RivuletError,
  type StoreDef,
  zeroOf,
} from '@rivulet/wire'
import type { DraftMap } from './draft-map.ts'
import { type DraftNode, nodeOf } from './draft-node.ts'
import { plainCopy } from './plain-copy.ts'

type Fields = Readonly<Record<string, unknown>>

/** A change that no operation can express: a list, map or set that became null (wire.md §9.2). Whoever holds the struct has to replace it whole. */
class Inexpressible {
  readonly path: readonly PathPart[]
  constructor(path: readonly PathPart[]) {
    this.path = path
  }
}

/**
 * The delta that turns the state a draft started from into what the recipe left, without operations that change nothing; null when nothing changed.
 * Looks only at what the recipe touched. Throws `invalid-value` when a list, map or set of the store's own struct became null.
 */
export function recordDelta(def: StoreDef, root: DraftNode): Delta | null {
  if (!root.dirty) return null
  const delta = recordStruct(planOf(def.types, def.state), root.base as Fields, root.content as Fields, root, root)
  if (!(delta instanceof Inexpressible)) return delta
  throw new RivuletError('invalid-value', 'a list, map or set cannot become null in an update', {
    store: def.name,
    path: delta.path,
    hint: 'Assign an empty one, or use store.replace().',
  })
}

/** Compares `now` with `base`: only where `node` was touched, or everywhere when `now` is a plain value in the place of `base`. */
function recordStruct(
  plan: DeltaPlan,
  base: Fields,
  now: Fields,
  node: DraftNode | null,
  within: DraftNode,
): Delta | Inexpressible | null {
  const out: Record<string, FieldDelta> = {}
  let some = false
  for (const field of plan.fields) {
    const { name } = field
    if (node !== null && !node.touched.has(name) && !node.below.has(name)) continue
    const op = recordField(plan, field, base[name], now[name], within)
    if (op === null) continue
    if (op instanceof Inexpressible) return op
    out[name] = op
    some = true
  }
  return some ? out : null
}

function recordField(
  plan: DeltaPlan,
  field: FieldPlan,
  base: unknown,
  now: unknown,
  within: DraftNode,
): FieldDelta | Inexpressible | null {
  const { shape, name } = field
  if (shape === 'scalar') return changed(plan, field, base, now, within, (set) => ({ set }))
  if (shape === 'value') return recordValue(plan, field, base, now, within)
  const node = inPlace(base, now)
  if (node === undefined) {
    const whole = plainCopy(now, within)
    if (equalValues(plan.types, field.node, base, whole)) return null
    if (whole === null || whole === undefined) return new Inexpressible([name])
    if (shape === 'bytes') return recordBytes(base, whole)
    return { whole: looseWhole(field, whole) }
  }
  if (!node.dirty) return null
  if (shape === 'list') return recordList(plan, field, node)
  return shape === 'map' ? recordMap(plan, field, node) : recordSet(node)
}

/** The draft node of `base`, when `now` is still that draft. */
function inPlace(base: unknown, now: unknown): DraftNode | undefined {
  const node = nodeOf(now)
  return node !== undefined && node.base === base ? node : undefined
}

function changed(
  plan: DeltaPlan,
  field: FieldPlan,
  base: unknown,
  now: unknown,
  within: DraftNode,
  op: (value: unknown) => FieldDelta,
): FieldDelta | null {
  if (inPlace(base, now)?.dirty === false) return null
  const value = stored(field, plainCopy(now, within))
  return equalValues(plan.types, field.node, base, value) ? null : op(loose(field, value))
}

// A float32 field holds what four bytes can: 0.1 assigned twice is no change.
function stored(field: FieldPlan, value: unknown): unknown {
  return field.node.kind === 'float32' && typeof value === 'number' ? Math.fround(value) : value
}

// Deltas ignore not-null marks, so their values can be boxed where the state's are not.
function loose(field: FieldPlan, value: unknown): unknown {
  return field.loosen === undefined ? value : field.loosen(value)
}

function looseWhole(field: FieldPlan, whole: unknown): unknown {
  const { loosen } = field
  if (loosen === undefined) return whole
  if (Array.isArray(whole)) return whole.map(loosen)
  return whole instanceof Map ? new Map([...whole].map(([key, value]) => [key, loosen(value)])) : whole
}

/** The change of a struct below `base`; `whole` when it has to be replaced (or every field of it changed); null when it is equal. */
function recordSub(field: FieldPlan, base: unknown, now: unknown, within: DraftNode): Delta | 'whole' | null {
  // Behind a double pointer the struct is boxed; that is rare enough to be replaced.
  const direct = field.element.kind === 'pointer' ? field.element.elem.kind === 'struct' : true
  const sub = direct ? field.sub?.() : undefined
  if (sub === undefined || !isStruct(base) || !isStruct(now)) return 'whole'
  const node = inPlace(base, now)
  if (node?.dirty === false) return null
  const content = node === undefined ? (plainCopy(now, within) as Fields) : (node.content as Fields)
  const delta = recordStruct(sub, base, content, node ?? null, node ?? within)
  if (delta === null) return null
  if (delta instanceof Inexpressible) return 'whole'
  return node === undefined && Object.keys(delta).length === sub.fields.length ? 'whole' : delta
}

function isStruct(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function recordValue(
  plan: DeltaPlan,
  field: FieldPlan,
  base: unknown,
  now: unknown,
  within: DraftNode,
): FieldDelta | null {
  const sub = recordSub(field, base, now, within)
  if (sub === null) return null
  return sub === 'whole' ? changed(plan, field, base, now, within, (whole) => ({ whole })) : { mod: sub }
}

function recordBytes(base: unknown, now: unknown): FieldDelta {
  if (!(base instanceof Uint8Array) || !(now instanceof Uint8Array) || base.length !== now.length) return { whole: now }
  const sets = new Map<PathPart, unknown>()
  // An index and its value cost up to four bytes, a byte of `whole` costs one.
  for (let i = 0; i < now.length && sets.size * 4 <= now.length; i++) if (now[i] !== base[i]) sets.set(i, now[i])
  return sets.size * 4 <= now.length ? { sets } : { whole: now }
}

interface Edits {
  readonly sets: Map<PathPart, unknown>
  readonly mods: Map<PathPart, Delta>
}

/** Sorts the change of one element into `edits`. */
function recordElement(
  plan: DeltaPlan,
  field: FieldPlan,
  edits: Edits,
  key: PathPart,
  base: unknown,
  now: unknown,
  existed: boolean,
  within: DraftNode,
): void {
  const sub = existed ? recordSub(field, base, now, within) : 'whole'
  if (sub === null) return
  if (sub !== 'whole') {
    edits.mods.set(key, sub)
    return
  }
  if (existed && inPlace(base, now)?.dirty === false) return
  const plain = plainCopy(now, within)
  const value = field.element.kind === 'float32' && typeof plain === 'number' ? Math.fround(plain) : plain
  if (existed && equalValues(plan.types, field.element, base, value)) return
  edits.sets.set(key, loose(field, value))
}

function recordList(plan: DeltaPlan, field: FieldPlan, node: DraftNode): FieldDelta | null {
  const base = node.base as readonly unknown[]
  const now = node.content as unknown[]
  for (let i = base.length; i < now.length; i++) if (!(i in now)) now[i] = zeroOf(plan.types, field.element)
  // Deltas cannot shorten a list (wire.md §9.2).
  if (now.length < base.length) return { whole: looseWhole(field, plainCopy(now, node)) }
  const edits: Edits = { sets: new Map(), mods: new Map() }
  const keys = [...new Set([...node.touched, ...node.below])] as number[]
  for (const i of keys.toSorted((a, b) => a - b)) {
    if (i < now.length) recordElement(plan, field, edits, i, base[i], now[i], i < base.length, node)
  }
  if (edits.sets.size === now.length && now.length > 1) return { whole: looseWhole(field, plainCopy(now, node)) }
  return editsOf(edits)
}

function recordMap(plan: DeltaPlan, field: FieldPlan, node: DraftNode): FieldDelta | null {
  const base = node.base as ReadonlyMap<PathPart, unknown>
  const now = node.content as DraftMap
  const edits: Edits = { sets: new Map(), mods: new Map() }
  const deletes = new Set<PathPart>()
  for (const key of new Set([...node.touched, ...node.below])) {
    if (now.holds(key)) recordElement(plan, field, edits, key, base.get(key), now.peek(key), base.has(key), node)
    else if (base.has(key)) deletes.add(key)
  }
  // A map that was mostly emptied is shorter as a whole than as a list of what went.
  const left = base.size - deletes.size
  if (deletes.size > left + edits.sets.size) return { whole: looseWhole(field, plainCopy(now, node)) }
  return editsOf(edits, deletes)
}

function recordSet(node: DraftNode): FieldDelta | null {
  const base = node.base as ReadonlySet<PathPart>
  const now = node.content as ReadonlySet<PathPart>
  const sets = new Map<PathPart, unknown>()
  const deletes = new Set<PathPart>()
  for (const key of node.touched) {
    if (now.has(key) === base.has(key)) continue
    if (now.has(key)) sets.set(key, true)
    else deletes.add(key)
  }
  return editsOf({ sets, mods: new Map() }, deletes)
}

function editsOf({ sets, mods }: Edits, deletes: ReadonlySet<PathPart> = new Set()): FieldDelta | null {
  if (sets.size === 0 && deletes.size === 0 && mods.size === 0) return null
  return {
    ...(sets.size === 0 ? {} : { sets }),
    ...(deletes.size === 0 ? {} : { deletes }),
    ...(mods.size === 0 ? {} : { mods }),
  }
}
