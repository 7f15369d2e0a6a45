import { type Assign, assignOf } from './assign-scalar.ts'
import { type Decode, decoderOf, minEntryOf, minSizeOf } from './compile-decoder.ts'
import { type Encode, encoderOf } from './compile-encoder.ts'
import { RivuletError } from './errors.ts'
import { readKey } from './read-key.ts'
import type { FieldDef, KeyNode, TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'
import { zeroOf } from './zero.ts'

/** What a delta can do to a field (wire.md §9.1): replace it, change a struct in place, or edit a collection. */
type DeltaShape = 'scalar' | 'value' | 'list' | 'bytes' | 'map' | 'set'

/**
 * How one field of a partial struct appears in a delta.
 *
 * The helpers ignore not-null marks (wire.md §9.1), so values in a delta have the type of the *loose* nodes; `settle` and `loosen` convert to and from the form they have in a state.
 */
export interface FieldPlan {
  readonly types: Types
  readonly index: number
  readonly name: string
  readonly id: number
  readonly shape: DeltaShape
  /** The field as the state has it. */
  readonly node: TypeNode
  /** What `set`, `whole` of a struct, or one element carries. */
  readonly value: TypeNode
  /** The element as the state has it; `node` itself where there are no elements. */
  readonly element: TypeNode
  /** What `whole` of a collection carries. */
  readonly whole: TypeNode
  readonly key: KeyNode
  readonly readValue: Decode
  readonly writeValue: Encode
  readonly readWhole: Decode
  readonly writeWhole: Encode
  readonly readKey: Decode
  readonly writeKey: Encode
  /** Fewest bytes of a key, and of a key with its value. */
  readonly minKey: number
  readonly minEntry: number
  /** The plan of the struct that `mod` and `mods` change; null where deltas only replace. */
  readonly sub: (() => DeltaPlan) | null
  /** One value from the delta's form to the state's; undefined where they are the same. */
  readonly settle: ((v: unknown) => unknown) | undefined
  readonly loosen: ((v: unknown) => unknown) | undefined
  /** Reads a new value straight into an owned struct; undefined where that takes more. */
  readonly assign: Assign | undefined
}

/** All fields of a partial struct; ids and names lead to the same plans. */
export interface DeltaPlan {
  readonly ref: string
  readonly types: Types
  readonly fields: readonly FieldPlan[]
  readonly byId: readonly (FieldPlan | undefined)[]
  readonly byName: ReadonlyMap<string, FieldPlan>
  /** Every field is a scalar: repeated entries need no look-ahead, because the last one wins anyway. */
  readonly simple: boolean
}

const cache = new WeakMap<Types, Map<string, DeltaPlan>>()

/**
 * The plan of the partial struct `ref`, made once per schema. Throws `schema` when it is no partial struct.
 *
 * @example
 * planOf(BoardStore.types, BoardStore.state).byName.get('xTurn')?.id // 2
 */
export function planOf(types: Types, ref: string): DeltaPlan {
  let plans = cache.get(types)
  if (plans === undefined) cache.set(types, (plans = new Map()))
  let plan = plans.get(ref)
  if (plan === undefined) plans.set(ref, (plan = makePlan(types, ref)))
  return plan
}

function makePlan(types: Types, ref: string): DeltaPlan {
  const def = structOf(types, ref)
  if (def.form !== 'partial') {
    throw new RivuletError('schema', `"${ref}" is ${def.form}, so it has no deltas`, { hint: 'Declare it as partial.' })
  }
  const fields = def.fields.map((field, index) => planField(types, field, index))
  const byId: (FieldPlan | undefined)[] = Array.from({ length: 256 })
  for (const field of fields) byId[field.id] = field
  const byName = new Map(fields.map((field) => [field.name, field]))
  return { ref, types, fields, byId, byName, simple: fields.every((field) => field.shape === 'scalar') }
}

const INDEX: KeyNode = { kind: 'int64' }
const BYTE: TypeNode = { kind: 'uint8' }

function planField(types: Types, field: FieldDef, index: number): FieldPlan {
  const { type } = field
  const shape = shapeOf(field)
  const element = elementOf(type, shape)
  const value = shape === 'set' ? BYTE : loose(element)
  const key = type.kind === 'map' || type.kind === 'set' ? type.key : INDEX
  const whole = wholeOf(type, value)
  const minKey = minSizeOf(types, key)
  const collection = shape !== 'scalar' && shape !== 'value'
  return {
    types,
    index,
    name: field.name,
    id: field.id as number,
    shape,
    node: type,
    value,
    element,
    whole,
    key,
    readValue: decoderOf(types, value),
    writeValue: encoderOf(types, value),
    readWhole: collection ? decoderOf(types, whole) : neverUsed,
    writeWhole: collection ? encoderOf(types, whole) : neverUsed,
    readKey: key.kind === 'string' ? readKey : decoderOf(types, key),
    writeKey: encoderOf(types, key),
    minKey,
    minEntry: shape === 'set' ? minKey : minEntryOf(types, key, value),
    sub: field.mod === true ? lazyPlan(types, structIn(element, field.name)) : null,
    settle: settler(types, element, value),
    loosen: loosener(element, value),
    assign: shape === 'scalar' ? assignOf(value, decoderOf(types, value)) : undefined,
  }
}

function neverUsed(): never {
  throw new RivuletError('schema', 'this field has no elements')
}

function lazyPlan(types: Types, ref: string): () => DeltaPlan {
  let plan: DeltaPlan | undefined
  return () => (plan ??= planOf(types, ref))
}

function shapeOf(field: FieldDef): DeltaShape {
  switch (field.type.kind) {
    case 'array':
      return 'list'
    case 'bytes':
      return 'bytes'
    case 'map':
      return 'map'
    case 'set':
      return 'set'
    default:
      return field.mod === true ? 'value' : 'scalar'
  }
}

function elementOf(type: TypeNode, shape: DeltaShape): TypeNode {
  if (type.kind === 'array') return type.elem
  if (type.kind === 'map') return type.value
  return shape === 'bytes' ? BYTE : type
}

function wholeOf(type: TypeNode, value: TypeNode): TypeNode {
  switch (type.kind) {
    case 'array':
      return { kind: 'array', elem: value, notNull: true }
    case 'bytes':
      return { kind: 'bytes', notNull: true }
    case 'map':
      return { kind: 'map', key: type.key, value, notNull: true }
    case 'set':
      return { kind: 'set', key: type.key, notNull: true }
    default:
      return value
  }
}

/** The node without its own not-null mark, one object per node that needs no change. */
function loose(node: TypeNode): TypeNode {
  if (!('notNull' in node) || !node.notNull) return node
  const { notNull: _, ...rest } = node
  return rest
}

function structIn(node: TypeNode, name: string): string {
  let at = node
  while (at.kind === 'pointer') at = at.elem
  if (at.kind !== 'struct') {
    throw new RivuletError('schema', `"${name}" is marked mod but holds no struct`, { path: [name] })
  }
  return at.ref
}

function settler(types: Types, element: TypeNode, value: TypeNode): FieldPlan['settle'] {
  if (element === value) return undefined
  const boxed = element.kind === 'pointer' && canBeNull(element.elem)
  return (v) => (v === null ? zeroOf(types, element) : boxed ? (v as { value: unknown }).value : v)
}

function loosener(element: TypeNode, value: TypeNode): FieldPlan['loosen'] {
  if (element === value || element.kind !== 'pointer' || !canBeNull(element.elem)) return undefined
  return (v) => ({ value: v })
}
