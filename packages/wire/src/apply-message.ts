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
  same,
  settled,
  type Struct,
} from './apply-context.ts'
import { applyField, applyStruct, type ApplyOptions } from './apply-delta.ts'
import { readDelta, readField, readIndex } from './decode-delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { deleteEntry, putKey, setByte, setElement, setEntry, Touched } from './edit-collection.ts'
import { atPath, isRivuletError, withPlace } from './errors.ts'
import { enter, readCount, readLength, readNullFlag, Reader, readPacked32, toBytes } from './reader.ts'
import type { PathPart, StoreDef } from './schema.ts'
import { EntriesAhead } from './entries-ahead.ts'
import { endsWithoutWhole } from './skip-value.ts'

/**
 * Decodes and applies a delta in one pass, without building the delta: what `applyDelta(def, state, decodeDelta(def, bytes))` does, and the path of every update in the engine and the host.
 * Without `owned` it is pure like `applyDelta`.
 *
 * Throws `RivuletError` naming the store, the field path and the byte offset; what is owned may then be half changed, and paths may have been reported.
 *
 * @example
 * state = applyMessage(BoardStore, state, message.partial, { owned: OWNS_ALL, report: (path, depth) => mark(path, depth) })
 */
export function applyMessage<S>(def: StoreDef<S>, state: S, bytes: unknown, options: ApplyOptions = {}): S {
  const ctx = applying(def.types, options.owned ?? new Set<object>(), options.report, true)
  try {
    return applyBody(ctx, planOf(def.types, def.state), new Reader(toBytes(bytes)), state as Struct, 0) as S
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}

/** Modifications from which on it pays to walk the map beside them. */
const WIDE = 32

function applyBody(ctx: Applying, plan: DeltaPlan, r: Reader, base: Struct, depth: number): Struct {
  if (!plan.simple && repeats(r, plan)) return applyStruct(ctx, plan, base, readDelta(r, plan), depth)
  enter(r)
  const { bytes } = r
  const length = readSize(r)
  const outer = r.end
  const end = r.pos + length
  r.end = end
  const inPlace = ctx.owned.has(base)
  let out = base
  let at = ''
  try {
    while (r.pos < end) {
      const field = plan.byId[bytes[r.pos++] as number]
      const size = readSize(r)
      const next = r.pos + size
      if (field !== undefined) {
        r.end = next
        at = field.name
        if (readNullFlag(r)) {
          // An outer null says nothing about the field.
        } else if (field.assign !== undefined && (inPlace || out !== base)) {
          if (field.assign(r, out, at)) {
            ctx.path[depth] = at
            changed(ctx, depth + 1)
          }
        } else {
          ctx.path[depth] = at
          const before = out[at]
          const after = applyEntry(ctx, field, r, before, depth + 1)
          if (!same(after, before)) {
            if (out === base) out = ownStruct(ctx, base)
            out[at] = after
          }
        }
        at = ''
      }
      r.pos = next
      r.end = end
    }
  } catch (e) {
    throw at === '' ? e : atPath(e, at)
  }
  r.end = outer
  r.depth--
  return out
}

/** A length; those of one byte without a call. */
function readSize(r: Reader): number {
  const b = r.bytes[r.pos] as number
  if (b < 0x40 && b < r.end - r.pos) {
    r.pos++
    return b
  }
  return readLength(r)
}

/** Whether a field occurs twice: then only the later entry counts, and the earlier one must not be applied. */
function repeats(r: Reader, plan: DeltaPlan): boolean {
  const { pos, end } = r
  const ids = idsOf(r)
  r.pos = pos
  r.end = end
  let last = -1
  for (const id of ids) {
    const index = plan.byId[id]?.index ?? 256
    if (index <= last) return new Set(ids).size < ids.length
    last = index === 256 ? last : index
  }
  return false
}

function idsOf(r: Reader): number[] {
  const ids: number[] = []
  const length = readLength(r)
  r.end = r.pos + length
  while (r.pos < r.end) {
    ids.push(r.bytes[r.pos++] as number)
    const size = readLength(r)
    r.pos += size
  }
  return ids
}

function applyEntry(ctx: Applying, field: FieldPlan, r: Reader, before: unknown, depth: number): unknown {
  switch (field.shape) {
    case 'scalar': {
      const after = settled(ctx, field, before, field.readValue(r))
      if (!same(after, before)) changed(ctx, depth)
      return after
    }
    case 'value':
      return applyValueEntry(ctx, field, r, before, depth)
    default:
      // `whole` comes last on the wire but first in effect.
      if (!endsWithoutWhole(ctx.types, field, r)) return applyField(ctx, field, before, readField(r, field), depth)
      return field.shape === 'list'
        ? editList(ctx, field, r, before as unknown[] | null, depth)
        : field.shape === 'map'
          ? editMap(ctx, field, r, before as Map<PathPart, unknown> | null, depth)
          : field.shape === 'bytes'
            ? editBytes(ctx, field, r, before as Uint8Array | null, depth)
            : editSet(ctx, field, r, before as Set<PathPart> | null, depth)
  }
}

function applyValueEntry(ctx: Applying, field: FieldPlan, r: Reader, before: unknown, depth: number): unknown {
  let now = before
  const { report } = ctx
  if (!readNullFlag(r)) {
    now = settled(ctx, field, before, field.readValue(r))
    if (now !== before) {
      changed(ctx, depth)
      ctx.report = undefined
    }
  }
  if (!readNullFlag(r) && !readNullFlag(r)) now = modify(ctx, (field.sub as () => DeltaPlan)(), r, now, depth)
  ctx.report = report
  return now
}

function modify(ctx: Applying, plan: DeltaPlan, r: Reader, before: unknown, depth: number): unknown {
  if (before !== null && before !== undefined) return applyBody(ctx, plan, r, before as Struct, depth)
  const seen = ctx.changes
  const made = applyBody(ctx, plan, r, freshStruct(ctx, plan.ref), depth)
  return ctx.changes === seen ? before : made
}

function editList(ctx: Applying, field: FieldPlan, r: Reader, before: unknown[] | null, depth: number): unknown {
  let list = before
  const touched = new Touched()
  const known = before?.length ?? 0
  let at: PathPart = '?'
  try {
    for (let n = readCount(r, field.minEntry); n > 0; n--) {
      at = readIndex(r)
      list = setElement(ctx, field, list, at, field.readValue(r), depth, touched, known)
    }
    if (field.sub !== null) {
      const plan = field.sub()
      for (let n = readCount(r, field.minKey + 1); n > 0; n--) {
        at = readIndex(r)
        if (readNullFlag(r)) continue
        const index = reach(ctx, at, list?.length ?? 0)
        if (index < 0) readDelta(r, plan)
        else list = editElement(ctx, field, plan, r, list, index, depth, touched)
      }
    }
  } catch (e) {
    throw atPath(e, at)
  }
  return list
}

function editElement(
  ctx: Applying,
  field: FieldPlan,
  plan: DeltaPlan,
  r: Reader,
  list: unknown[] | null,
  index: number,
  depth: number,
  touched: Touched,
): unknown[] | null {
  const old = list === null || index >= list.length ? undefined : list[index]
  const now = modifyAt(ctx, plan, r, old, index, depth, touched)
  if (now === old) return list
  const out = ownList(ctx, list)
  fillTo(ctx, field, out, index)
  out[index] = now
  return out
}

/** Modifies one element; nothing is reported below an element that was already reported. */
function modifyAt(
  ctx: Applying,
  plan: DeltaPlan,
  r: Reader,
  old: unknown,
  key: PathPart,
  depth: number,
  touched: Touched,
): unknown {
  const { report } = ctx
  if (touched.has(key)) ctx.report = undefined
  ctx.path[depth] = key
  const now = modify(ctx, plan, r, old, depth + 1)
  ctx.report = report
  return now
}

function editMap(
  ctx: Applying,
  field: FieldPlan,
  r: Reader,
  before: Map<PathPart, unknown> | null,
  depth: number,
): unknown {
  let map = before
  const touched = new Touched()
  let at: PathPart = '?'
  try {
    for (let n = readCount(r, field.minEntry); n > 0; n--) {
      at = field.readKey(r) as PathPart
      map = setEntry(ctx, field, map, at, field.readValue(r), depth, touched)
    }
    for (let n = readCount(r, field.minKey); n > 0; n--) {
      at = field.readKey(r) as PathPart
      map = deleteEntry(ctx, map, at, depth, touched)
    }
    if (field.sub === null) return map
    const plan = field.sub()
    const untouched = touched.empty
    const mods = readCount(r, field.minKey + 1)
    const ahead = mods >= WIDE && map !== null && field.key.kind === 'string' ? new EntriesAhead(map) : undefined
    for (let n = mods; n > 0; n--) {
      const next = ahead !== undefined && ahead.takes(r)
      at = next ? ahead.key : (field.readKey(r) as PathPart)
      if (readNullFlag(r)) continue
      const old = next ? ahead.value : map === null ? undefined : map.get(at)
      ctx.path[depth] = at
      const now =
        old !== undefined && old !== null && untouched
          ? applyBody(ctx, plan, r, old as Struct, depth + 1)
          : modifyAt(ctx, plan, r, old, at, depth, touched)
      if (now !== old) (map = ownMap(ctx, map)).set(at, now)
    }
  } catch (e) {
    throw atPath(e, at)
  }
  return map
}

function editBytes(ctx: Applying, field: FieldPlan, r: Reader, before: Uint8Array | null, depth: number): unknown {
  let bytes = before
  const known = before?.length ?? 0
  for (let n = readCount(r, field.minEntry); n > 0; n--) {
    const at = readIndex(r)
    const value = readPacked32(r) & 0xff
    try {
      bytes = setByte(ctx, bytes, at, value, depth, known)
    } catch (e) {
      throw atPath(e, at)
    }
  }
  return bytes
}

function editSet(ctx: Applying, field: FieldPlan, r: Reader, before: Set<PathPart> | null, depth: number): unknown {
  let set = before
  const touched = new Touched()
  for (const present of [true, false]) {
    for (let n = readCount(r, field.minKey); n > 0; n--) {
      set = putKey(ctx, set, field.readKey(r) as PathPart, present, depth, touched)
    }
  }
  return set
}
