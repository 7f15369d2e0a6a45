import * as fc from 'fast-check'
import type {
  Delta,
  FieldDef,
  FieldDelta,
  KeyNode,
  PathPart,
  StoreDef,
  StructDef,
  TypeNode,
  Types,
} from '../../src/index.ts'
import { canBeNull, dynamic, structOf } from '../../src/index.ts'
import { type DeltaPlan, type FieldPlan, planOf } from '../../src/delta-plan.ts'

/** A random store with values and deltas that fit it. */
export interface Sample {
  readonly def: StoreDef
  readonly state: fc.Arbitrary<unknown>
  readonly delta: fc.Arbitrary<Delta>
}

const KEYS: readonly KeyNode[] = [
  { kind: 'string' },
  { kind: 'uint8' },
  { kind: 'int32' },
  { kind: 'int64' },
  { kind: 'uint64', as: 'bigint' },
  { kind: 'bool' },
]

const SIMPLE: readonly TypeNode[] = [
  { kind: 'bool' },
  { kind: 'string' },
  { kind: 'int8' },
  { kind: 'uint16' },
  { kind: 'int32' },
  { kind: 'uint32' },
  { kind: 'int64' },
  { kind: 'uint64', as: 'bigint' },
  { kind: 'float32' },
  { kind: 'float64' },
  { kind: 'time' },
  { kind: 'time', as: 'millis' },
  { kind: 'any' },
]

const notNull = fc.constantFrom({}, {}, { notNull: true as const })
const simple = fc.constantFrom(...SIMPLE)
const key = fc.constantFrom(...KEYS)
const bytes: fc.Arbitrary<TypeNode> = notNull.map((flag) => ({ kind: 'bytes', ...flag }))
const flat: TypeNode = { kind: 'struct', ref: 't.Flat' }
const leaf: TypeNode = { kind: 'struct', ref: 't.Leaf' }
const plain: fc.Arbitrary<TypeNode> = fc.oneof(
  { weight: 4, arbitrary: simple },
  bytes,
  fc.constant(flat),
  fc.constant(leaf),
)
const pointer: fc.Arbitrary<TypeNode> = fc
  .tuple(fc.oneof(plain, fc.constant<TypeNode>({ kind: 'array', elem: { kind: 'int8' } })), notNull)
  .map(([elem, flag]) => ({ kind: 'pointer', elem, ...(canBeNull(elem) ? {} : flag) }))
const element = fc.oneof({ weight: 3, arbitrary: plain }, pointer)

type Bare = Omit<FieldDef, 'name' | 'id'>

/** A field that deltas change in place, holding the struct `ref`. */
function modField(ref: string): fc.Arbitrary<Bare> {
  const struct: TypeNode = { kind: 'struct', ref }
  const inner = fc.constantFrom<TypeNode>(struct, { kind: 'pointer', elem: struct })
  return fc.oneof(inner, arrayOf(inner), mapOf(inner)).map((type) => ({ type, mod: true }))
}

function arrayOf(item: fc.Arbitrary<TypeNode>): fc.Arbitrary<TypeNode> {
  return fc.tuple(item, notNull).map(([elem, flag]): TypeNode => ({ kind: 'array', elem, ...flag }))
}

function mapOf(item: fc.Arbitrary<TypeNode>): fc.Arbitrary<TypeNode> {
  return fc.tuple(key, item, notNull).map(([k, value, flag]): TypeNode => ({ kind: 'map', key: k, value, ...flag }))
}

const setOf: fc.Arbitrary<TypeNode> = fc
  .tuple(key, notNull)
  .map(([k, flag]): TypeNode => ({ kind: 'set', key: k, ...flag }))

const anyField: fc.Arbitrary<Bare> = fc
  .oneof({ weight: 3, arbitrary: element }, arrayOf(element), bytes, mapOf(element), setOf)
  .map((type) => ({ type }))

function structArb(form: StructDef['form'], field: fc.Arbitrary<Bare>, max: number): fc.Arbitrary<StructDef> {
  return fc.array(field, { minLength: 1, maxLength: max }).map((fields) => ({
    form,
    fields: fields.map((f, i) => ({ name: `f${i}`, ...(form === 'flat' ? {} : { id: i + 1 }), ...f })),
  }))
}

/** Stores three partial structs deep, with every kind of field that a delta treats in its own way. */
export const sample: fc.Arbitrary<Sample> = fc
  .tuple(
    structArb('partial', fc.oneof(anyField, modField('t.Mid')), 4),
    structArb('partial', fc.oneof(anyField, modField('t.Leaf')), 3),
    structArb(
      'partial',
      simple.map((type) => ({ type })),
      3,
    ),
    structArb(
      'flat',
      simple.map((type) => ({ type })),
      2,
    ),
  )
  .map(([root, mid, leafDef, flatDef]) => {
    const types: Types = [{ 't.Root': root, 't.Mid': mid, 't.Leaf': leafDef, 't.Flat': flatDef }]
    const def: StoreDef = { kind: 'store', name: 'Sample', state: 't.Root', types }
    return { def, state: valueArb(types, { kind: 'struct', ref: 't.Root' }), delta: deltaArb(planOf(types, 't.Root')) }
  })

/** Few different values, so that states and deltas often agree. */
function valueArb(types: Types, node: TypeNode): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case 'bool':
      return fc.boolean()
    case 'string':
      return fc.constantFrom('', 'a', 'é', 'x%y')
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? fc.constantFrom(0n, 1n, 2n ** 60n) : fc.constantFrom(0, 1, 2 ** 40)
    case 'float32':
    case 'float64':
      return fc.constantFrom(0, 1.5, Number.NaN, Infinity)
    case 'time':
      return fc.constantFrom(-62135596800000, 0, 1234).map((ms) => (node.as === 'millis' ? ms : new Date(ms)))
    case 'any':
      return fc.constantFrom(dynamic(7), dynamic(true), dynamic('s'), dynamic([1, 2]))
    case 'bytes':
      return orNull(node, fc.uint8Array({ maxLength: 3, max: 2 }))
    case 'pointer': {
      const inner = valueArb(types, node.elem)
      if (node.notNull === true) return inner
      return fc.option(canBeNull(node.elem) ? inner.map((value) => ({ value })) : inner)
    }
    case 'array':
      return orNull(node, fc.array(valueArb(types, node.elem), { maxLength: 3 }))
    case 'map':
      return orNull(
        node,
        fc
          .array(fc.tuple(keyArb(node.key), valueArb(types, node.value)), { maxLength: 3 })
          .map((entries) => new Map(entries)),
      )
    case 'set':
      return orNull(
        node,
        fc.array(keyArb(node.key), { maxLength: 3 }).map((keys) => new Set(keys)),
      )
    case 'struct':
      return fc.record(
        Object.fromEntries(structOf(types, node.ref).fields.map((f) => [f.name, valueArb(types, f.type)])),
      )
    default:
      return fc.constantFrom(0, 1, 2, 100)
  }
}

function orNull(node: TypeNode, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return 'notNull' in node && node.notNull ? value : fc.option(value)
}

function keyArb(node: KeyNode): fc.Arbitrary<PathPart> {
  switch (node.kind) {
    case 'string':
      return fc.constantFrom('', 'a', 'ключ')
    case 'bool':
      return fc.boolean()
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? fc.constantFrom(0n, 7n, 2n ** 62n) : fc.constantFrom(0, 7, 2 ** 40)
    default:
      return fc.constantFrom(0, 1, 7)
  }
}

function deltaArb(plan: DeltaPlan): fc.Arbitrary<Delta> {
  const ops = Object.fromEntries(plan.fields.map((field) => [field.name, fieldArb(plan.types, field)]))
  return fc.record(ops, { requiredKeys: [] }) as fc.Arbitrary<Delta>
}

function fieldArb(types: Types, field: FieldPlan): fc.Arbitrary<FieldDelta> {
  const value = valueArb(types, field.value)
  const sub = field.sub
  const mod = (): fc.Arbitrary<Delta> => deltaArb((sub as () => DeltaPlan)())
  const op = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<FieldDelta> =>
    fc.record(model, { requiredKeys: [] })
  if (field.shape === 'scalar') return value.map((set) => ({ set }))
  if (field.shape === 'value') return op({ whole: value, mod: mod() })
  const whole = valueArb(types, field.whole)
  const list = field.shape === 'list' || field.shape === 'bytes'
  const at = list ? fc.integer({ min: -1, max: 5 }) : keyArb(field.key)
  const entriesOf = (v: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.array(fc.tuple(at, v), { minLength: 1, maxLength: 3 }).map((entries) => new Map(entries))
  const put =
    field.shape === 'set' ? fc.constant(true) : field.shape === 'bytes' ? fc.integer({ min: 0, max: 2 }) : value
  return op({
    whole,
    sets: entriesOf(put),
    ...(list ? {} : { deletes: fc.array(at, { minLength: 1, maxLength: 2 }).map((keys) => new Set(keys)) }),
    ...(sub === null ? {} : { mods: entriesOf(mod()) }),
  })
}
