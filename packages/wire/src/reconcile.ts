import { stateNode } from './state-node.ts'
import type { Report } from './apply-context.ts'
import { equalValues } from './equal-values.ts'
import type { PathPart, StoreDef, TypeNode, Types } from './schema.ts'
import { shareValue } from './share-value.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'

/**
 * Structural sharing between two full states: returns `after` with every equal part replaced by `before`'s object, or `before` itself when nothing differs. Neither is changed.
 * `report` hears of every difference, as deep as paths go: fields, entries, elements, and those that only `before` has.
 *
 * @example
 * state = reconcile(BoardStore, state, decodeState(BoardStore, bytes), (path, depth) => mark(path, depth))
 */
export function reconcile<S>(def: StoreDef<S>, before: S, after: S, report?: Report): S {
  const node = stateNode(def)
  if (report === undefined) return shareValue(def.types, node, before, after, false) as S
  return walk({ types: def.types, report, path: [] }, node, before, after, 0) as S
}

interface Walk {
  readonly types: Types
  readonly report: Report
  readonly path: PathPart[]
}

type Struct = Record<string, unknown>

function walk(ctx: Walk, node: TypeNode, before: unknown, after: unknown, depth: number): unknown {
  if (before === after) return before
  if (before === null || after === null || before === undefined || after === undefined) {
    ctx.report(ctx.path, depth)
    return after
  }
  switch (node.kind) {
    case 'pointer':
      if (node.notNull === true || !canBeNull(node.elem)) return walk(ctx, node.elem, before, after, depth)
      break
    case 'struct':
      return walkStruct(ctx, node.ref, before as Struct, after as Struct, depth)
    case 'array':
      return walkList(ctx, node.elem, before as readonly unknown[], after as readonly unknown[], depth)
    case 'map':
      return walkMap(ctx, node.value, before as Entries, after as Entries, depth)
    case 'set':
      return walkSet(ctx, before as ReadonlySet<PathPart>, after as ReadonlySet<PathPart>, depth)
    case 'bytes':
      return walkBytes(ctx, before as Uint8Array, after as Uint8Array, depth)
    default:
      break
  }
  const shared = shareValue(ctx.types, node, before, after, false)
  if (!equalValues(ctx.types, node, shared, before)) ctx.report(ctx.path, depth)
  return shared
}

function walkStruct(ctx: Walk, ref: string, before: Struct, after: Struct, depth: number): Struct {
  let out = after
  let same = true
  for (const { name, type } of structOf(ctx.types, ref).fields) {
    const old = before[name]
    const now = after[name]
    ctx.path[depth] = name
    const value = walk(ctx, type, old, now, depth + 1)
    if (value !== now) {
      if (out === after) out = { ...after }
      out[name] = value
    }
    same &&= Object.is(value, old) || value === old
  }
  return same ? before : out
}

function walkList(
  ctx: Walk,
  elem: TypeNode,
  before: readonly unknown[],
  after: readonly unknown[],
  depth: number,
): readonly unknown[] {
  let out = after as unknown[]
  let same = before.length === after.length
  const both = Math.min(before.length, after.length)
  for (let i = 0; i < both; i++) {
    ctx.path[depth] = i
    const value = walk(ctx, elem, before[i], after[i], depth + 1)
    if (value !== after[i]) {
      if (out === after) out = after.slice()
      out[i] = value
    }
    same &&= Object.is(value, before[i]) || value === before[i]
  }
  reportTail(ctx, both, Math.max(before.length, after.length), depth)
  return same ? before : out
}

function reportTail(ctx: Walk, from: number, to: number, depth: number): void {
  for (let i = from; i < to; i++) {
    ctx.path[depth] = i
    ctx.report(ctx.path, depth + 1)
  }
}

type Entries = ReadonlyMap<PathPart, unknown>

function walkMap(ctx: Walk, type: TypeNode, before: Entries, after: Entries, depth: number): Entries {
  let out = after as Map<PathPart, unknown>
  let same = before.size === after.size
  for (const [key, now] of after) {
    const old = before.get(key)
    ctx.path[depth] = key
    const value = walk(ctx, type, old, now, depth + 1)
    if (value !== now) {
      if (out === after) out = new Map(after)
      out.set(key, value)
    }
    same &&= Object.is(value, old) || value === old
  }
  for (const key of before.keys()) {
    if (after.has(key)) continue
    ctx.path[depth] = key
    ctx.report(ctx.path, depth + 1)
  }
  return same ? before : out
}

function walkSet(
  ctx: Walk,
  before: ReadonlySet<PathPart>,
  after: ReadonlySet<PathPart>,
  depth: number,
): ReadonlySet<PathPart> {
  let same = true
  for (const [a, b] of [
    [before, after],
    [after, before],
  ] as const) {
    for (const key of a) {
      if (b.has(key)) continue
      same = false
      ctx.path[depth] = key
      ctx.report(ctx.path, depth + 1)
    }
  }
  return same ? before : after
}

function walkBytes(ctx: Walk, before: Uint8Array, after: Uint8Array, depth: number): Uint8Array {
  const both = Math.min(before.length, after.length)
  let same = before.length === after.length
  for (let i = 0; i < both; i++) {
    if (before[i] === after[i]) continue
    same = false
    reportTail(ctx, i, i + 1, depth)
  }
  reportTail(ctx, both, Math.max(before.length, after.length), depth)
  return same ? before : after
}
