import type { Delta, FieldDelta } from './delta.ts'
import { type DeltaPlan, type FieldPlan, planOf } from './delta-plan.ts'
import { written } from './encode.ts'
import { atPath, isRivuletError, RivuletError, withPlace } from './errors.ts'
import type { PathPart, StoreDef, Types } from './schema.ts'
import { beginSized, endSized, invalid, writePacked, writePackedBig, writeU8, type Writer } from './writer.ts'

/**
 * Encodes a store's delta as a Go host would write it (wire.md §9): fields in declaration order, keys in the order in which they were put in.
 *
 * Throws `RivuletError` `path` for a field that does not exist, `invalid-value` or `out-of-range` for a value that its field cannot hold.
 *
 * @example
 * socket.emit('storeupdate', { kind: 1, partial: encodeDelta(BoardStore, { xTurn: { set: false } }) })
 */
export function encodeDelta(def: StoreDef, delta: Delta): Uint8Array<ArrayBuffer> {
  try {
    return encodeDeltaOf(def.types, def.state, delta)
  } catch (e) {
    throw isRivuletError(e) ? withPlace(e, { store: def.name }) : e
  }
}

/**
 * Encodes a delta of the partial struct `ref`. Throws as {@link encodeDelta}, and `schema` when `ref` is no partial struct.
 *
 * @example
 * const bytes = encodeDeltaOf(types, 'game.Cell', { owner: { set: 'X' } })
 */
export function encodeDeltaOf(types: Types, ref: string, delta: Delta): Uint8Array<ArrayBuffer> {
  const plan = planOf(types, ref)
  return written((w) => writeDelta(w, plan, delta))
}

function writeDelta(w: Writer, plan: DeltaPlan, delta: Delta): void {
  for (const name in delta) if (!plan.byName.has(name)) throw unknownField(plan, name)
  const struct = beginSized(w)
  for (const field of plan.fields) {
    const op = delta[field.name]
    if (op === undefined) continue
    try {
      writeU8(w, field.id)
      const entry = beginSized(w)
      writeU8(w, 0)
      writeField(w, field, op)
      endSized(w, entry)
    } catch (e) {
      throw atPath(e, field.name)
    }
  }
  endSized(w, struct)
}

/** The error for a field that its struct does not have. */
export function unknownField(plan: DeltaPlan, name: string): RivuletError {
  return new RivuletError('path', `${plan.ref} has no field "${name}"`, {
    path: [name],
    hint: `Its fields are ${plan.fields.map((f) => f.name).join(', ')}.`,
  })
}

function writeField(w: Writer, field: FieldPlan, op: FieldDelta): void {
  switch (field.shape) {
    case 'scalar':
      if (op.set === undefined) throw invalid('the operation has no `set`')
      field.writeValue(w, op.set)
      return
    case 'value':
      writeOptional(w, op.whole, field.writeValue)
      if (op.mod === undefined) writeU8(w, 1)
      else {
        writeU8(w, 0)
        writeU8(w, 0)
        writeDelta(w, (field.sub as () => DeltaPlan)(), op.mod)
      }
      return
    default: {
      const list = field.shape === 'list' || field.shape === 'bytes'
      const writeKey = list ? writeIndex : field.writeKey
      writeSets(w, field, op.sets, writeKey)
      if (!list) writeDeletes(w, field, op.deletes)
      if (field.sub !== null) writeMods(w, field, op.mods, writeKey)
      writeOptional(w, op.whole, field.writeWhole)
    }
  }
}

type Write = (w: Writer, v: unknown) => void

function writeOptional(w: Writer, v: unknown, write: Write): void {
  if (v === undefined) {
    writeU8(w, 1)
    return
  }
  writeU8(w, 0)
  write(w, v)
}

function writeIndex(w: Writer, v: unknown): void {
  if (typeof v === 'bigint') writePackedBig(w, v)
  else if (Number.isSafeInteger(v)) writePacked(w, v as number)
  else throw invalid(`${String(v)} is not a list index`)
}

function writeSets(w: Writer, field: FieldPlan, sets: FieldDelta['sets'], writeKey: Write): void {
  writePacked(w, sets?.size ?? 0)
  if (sets === undefined) return
  for (const [key, value] of sets) {
    try {
      writeKey(w, key)
      if (field.shape !== 'set') field.writeValue(w, value)
    } catch (e) {
      throw atPath(e, key)
    }
  }
}

function writeDeletes(w: Writer, field: FieldPlan, deletes: ReadonlySet<PathPart> | undefined): void {
  writePacked(w, deletes?.size ?? 0)
  if (deletes === undefined) return
  for (const key of deletes) field.writeKey(w, key)
}

function writeMods(w: Writer, field: FieldPlan, mods: FieldDelta['mods'], writeKey: Write): void {
  writePacked(w, mods?.size ?? 0)
  if (mods === undefined) return
  const plan = (field.sub as () => DeltaPlan)()
  for (const [key, mod] of mods) {
    try {
      writeKey(w, key)
      writeU8(w, 0)
      writeDelta(w, plan, mod)
    } catch (e) {
      throw atPath(e, key)
    }
  }
}
