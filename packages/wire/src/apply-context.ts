import type { FieldPlan } from './delta-plan.ts'
import { RivuletError } from './errors.ts'
import type { Ownership } from './ownership.ts'
import type { PathPart, Types } from './schema.ts'
import { shareValue } from './share-value.ts'
import { zeroOf, zeroStruct } from './zero.ts'
import { structOf } from './struct-table.ts'

/**
 * Hears of one changed path. `path` is reused between calls: its parts are `path[0]` to `path[depth - 1]`, property names and keys.
 * No reported path lies below another one.
 */
export type Report = (path: PathPart[], depth: number) => void

/** One run of apply, from a delta or straight from bytes. */
export interface Applying {
  readonly types: Types
  readonly owned: Ownership
  report: Report | undefined
  readonly path: PathPart[]
  /** New values were made for this run (decoded), so nobody else holds them. */
  readonly fresh: boolean
  /** Effective changes so far: how a modification shows that it did nothing. */
  changes: number
  /** How many elements may still be made up to reach a list index beyond the end. */
  fill: number
}

/** Elements that one delta may add to lists without carrying them; a far index in a few bytes must not allocate without bound (wire.md §12.11). */
const MAX_FILL = 1_000_000

export function applying(types: Types, owned: Ownership, report: Report | undefined, fresh: boolean): Applying {
  return { types, owned, report, path: [], fresh, changes: 0, fill: MAX_FILL }
}

export type Struct = Record<string, unknown>

export function changed(ctx: Applying, depth: number): void {
  ctx.changes++
  if (ctx.report !== undefined) ctx.report(ctx.path, depth)
}

export function ownStruct(ctx: Applying, struct: Struct): Struct {
  if (ctx.owned.has(struct)) return struct
  const copy = { ...struct }
  ctx.owned.add(copy)
  return copy
}

export function ownList(ctx: Applying, list: unknown[] | null): unknown[] {
  if (list !== null && ctx.owned.has(list)) return list
  const copy = list === null ? [] : list.slice()
  ctx.owned.add(copy)
  return copy
}

export function ownMap(ctx: Applying, map: Map<PathPart, unknown> | null): Map<PathPart, unknown> {
  if (map !== null && ctx.owned.has(map)) return map
  const copy = map === null ? new Map<PathPart, unknown>() : new Map(map)
  ctx.owned.add(copy)
  return copy
}

export function ownSet(ctx: Applying, set: Set<PathPart> | null): Set<PathPart> {
  if (set !== null && ctx.owned.has(set)) return set
  const copy = new Set<PathPart>(set)
  ctx.owned.add(copy)
  return copy
}

/** The same object or primitive; NaN is the same as NaN. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/** What takes the place of `before`: `before` itself when the two are equal, else the value with equal parts taken from `before`. Compare the outcome with {@link same}. */
export function settled(ctx: Applying, field: FieldPlan, before: unknown, value: unknown): unknown {
  const after = field.settle === undefined ? value : field.settle(value)
  return typeof after === 'object' && after !== null
    ? shareValue(ctx.types, field.element, before, after, ctx.fresh)
    : after
}

/** A `whole` collection in the form that the state has it. */
export function settledWhole(field: FieldPlan, whole: unknown): unknown {
  const { settle } = field
  if (settle === undefined) return whole
  if (Array.isArray(whole)) return whole.map((v) => settle(v))
  if (whole instanceof Map) return new Map(Array.from(whole, ([k, v]) => [k, settle(v)]))
  return whole
}

/** A fresh struct of zeros for a modification that finds nothing. */
export function freshStruct(ctx: Applying, ref: string): Struct {
  const zero = zeroStruct(ctx.types, structOf(ctx.types, ref))
  ctx.owned.add(zero)
  return zero
}

/** Checks an index against the list's length; -1 = ignored, because Go ignores negative indices. Throws `index` when it is out of reach. */
export function reach(ctx: Applying, index: PathPart, length: number): number {
  if ((index as number | bigint) < 0) return -1
  if (typeof index !== 'number' || index - length > ctx.fill) {
    throw new RivuletError('index', `index ${index} of a list of ${length} is out of reach`, {
      hint: `A delta may add at most ${MAX_FILL} elements that it does not carry. Replace the list instead.`,
    })
  }
  return index
}

/** Appends zero values until `index` is the next free one. */
export function fillTo(ctx: Applying, field: FieldPlan, list: unknown[], index: number): void {
  if (list.length < index) ctx.fill -= index - list.length
  while (list.length < index) list.push(zeroOf(ctx.types, field.element))
}

/** The bytes, owned and at least `index + 1` long. */
export function ownBytes(ctx: Applying, bytes: Uint8Array | null, index: number): Uint8Array {
  const length = bytes?.length ?? 0
  if (bytes !== null && index < length && ctx.owned.has(bytes)) return bytes
  if (index > length) ctx.fill -= index - length
  const copy = new Uint8Array(Math.max(length, index + 1))
  if (bytes !== null) copy.set(bytes)
  ctx.owned.add(copy)
  return copy
}
