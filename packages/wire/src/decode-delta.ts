import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { atPath, isRivuletError, withPlace } from './errors.ts'
import { mergePlanned } from './merge-delta.ts'
import { enter, readCount, readLength, readNullFlag, readPacked64, Reader, toBytes } from './reader.ts'
import type { PathPart, StoreDef, Types } from './schema.ts'

/**
 * Decodes a store's delta (wire.md §9). Bytes after it are ignored; unknown fields are skipped; of a field that occurs twice the later entry counts.
 * A key that occurs twice in `mods` is modified twice.
 *
 * Throws `RivuletError` naming the store, the field path and the byte offset.
 *
 * @example
 * const delta = decodeDelta(BoardStore, message.partial)
 */
export function decodeDelta(def: StoreDef, input: unknown): Delta {
  try {
    return decodeDeltaOf(def.types, def.state, input)
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}

/**
 * Decodes a delta of the partial struct `ref`. Throws as {@link decodeDelta}, and `schema` when `ref` is no partial struct.
 *
 * @example
 * const delta = decodeDeltaOf(types, 'game.Cell', bytes)
 */
export function decodeDeltaOf(types: Types, ref: string, input: unknown): Delta {
  return readDelta(new Reader(toBytes(input)), planOf(types, ref))
}

/** Reads one length-prefixed delta body. */
export function readDelta(r: Reader, plan: DeltaPlan): Delta {
  enter(r)
  const length = readLength(r)
  const outer = r.end
  const end = r.pos + length
  r.end = end
  const out: Record<string, FieldDelta> = {}
  while (r.pos < end) {
    const field = plan.byId[r.bytes[r.pos++] as number]
    const size = readLength(r)
    const next = r.pos + size
    if (field !== undefined) {
      r.end = next
      try {
        if (!readNullFlag(r)) out[field.name] = readField(r, field)
      } catch (e) {
        throw atPath(e, field.name)
      }
    }
    r.pos = next
    r.end = end
  }
  r.end = outer
  r.depth--
  return out
}

interface Draft {
  set?: unknown
  whole?: unknown
  mod?: Delta
  sets?: ReadonlyMap<PathPart, unknown>
  deletes?: ReadonlySet<PathPart>
  mods?: ReadonlyMap<PathPart, Delta>
}

/** Reads the operation on one field, after the outer null flag. */
export function readField(r: Reader, field: FieldPlan): FieldDelta {
  const out: Draft = {}
  switch (field.shape) {
    case 'scalar':
      return { set: field.readValue(r) }
    case 'value':
      if (!readNullFlag(r)) out.whole = field.readValue(r)
      if (!readNullFlag(r) && !readNullFlag(r)) out.mod = readDelta(r, (field.sub as () => DeltaPlan)())
      return out
    case 'list':
    case 'bytes': {
      const sets = readSets(r, field, readIndex)
      if (sets !== null) out.sets = sets
      if (field.sub !== null) {
        const mods = readMods(r, field, readIndex)
        if (mods !== null) out.mods = mods
      }
      break
    }
    default: {
      const sets = readSets(r, field, field.readKey as ReadKey)
      if (sets !== null) out.sets = sets
      const deletes = readDeletes(r, field)
      if (deletes !== null) out.deletes = deletes
      if (field.sub !== null) {
        const mods = readMods(r, field, field.readKey as ReadKey)
        if (mods !== null) out.mods = mods
      }
    }
  }
  if (!readNullFlag(r)) out.whole = field.readWhole(r)
  return out
}

type ReadKey = (r: Reader) => PathPart

/** A list index: a number, or a bigint where no list can reach anyway. */
export function readIndex(r: Reader): PathPart {
  return readPacked64(r, false)
}

function readSets(r: Reader, field: FieldPlan, readKey: ReadKey): Map<PathPart, unknown> | null {
  const n = readCount(r, field.minEntry)
  if (n === 0) return null
  const out = new Map<PathPart, unknown>()
  for (let i = 0; i < n; i++) {
    const key = readKey(r)
    try {
      out.set(key, field.shape === 'set' ? true : field.readValue(r))
    } catch (e) {
      throw atPath(e, key)
    }
  }
  return out
}

function readDeletes(r: Reader, field: FieldPlan): Set<PathPart> | null {
  const n = readCount(r, field.minKey)
  if (n === 0) return null
  const out = new Set<PathPart>()
  for (let i = 0; i < n; i++) out.add(field.readKey(r) as PathPart)
  return out
}

function readMods(r: Reader, field: FieldPlan, readKey: ReadKey): Map<PathPart, Delta> | null {
  const n = readCount(r, field.minKey + 1)
  if (n === 0) return null
  const plan = (field.sub as () => DeltaPlan)()
  const out = new Map<PathPart, Delta>()
  for (let i = 0; i < n; i++) {
    const key = readKey(r)
    try {
      if (readNullFlag(r)) continue
      const mod = readDelta(r, plan)
      const earlier = out.get(key)
      out.set(key, earlier === undefined ? mod : mergePlanned(plan, earlier, mod))
    } catch (e) {
      throw atPath(e, key)
    }
  }
  return out
}
