import * as fc from 'fast-check'
import {
  dynamic,
  type DynamicValue,
  type FieldDef,
  type KeyNode,
  structOf,
  type StructDef,
  type TypeNode,
  type Types,
} from '../../src/index.ts'

/** A schema, a type of it, and a value of that type. */
export interface Sample {
  readonly types: Types
  readonly node: TypeNode
  readonly value: unknown
}

/** What to leave out of generated schemas. */
export interface SchemaOptions {
  /** Number of structs, at most; default 4. */
  readonly structs?: number
  /** Forms that structs may have; default all. */
  readonly forms?: readonly StructDef['form'][]
}

const simpleNode: fc.Arbitrary<TypeNode> = fc.constantFrom<TypeNode>(
  { kind: 'bool' },
  { kind: 'string' },
  { kind: 'int8' },
  { kind: 'int16' },
  { kind: 'int32' },
  { kind: 'int64' },
  { kind: 'int64', as: 'bigint' },
  { kind: 'uint8' },
  { kind: 'uint16' },
  { kind: 'uint32' },
  { kind: 'uint64' },
  { kind: 'uint64', as: 'bigint' },
  { kind: 'float32' },
  { kind: 'float64' },
  { kind: 'time' },
  { kind: 'time', as: 'millis' },
  { kind: 'bytes' },
  { kind: 'bytes', notNull: true },
  { kind: 'any' },
)

/** What a map or set may be keyed by, without floats (NaN and −0 make poor keys). */
const keyNode: fc.Arbitrary<KeyNode> = fc.constantFrom<KeyNode>(
  { kind: 'string' },
  { kind: 'bool' },
  { kind: 'int8' },
  { kind: 'uint16' },
  { kind: 'int32' },
  { kind: 'uint32' },
  { kind: 'int64', as: 'bigint' },
  { kind: 'uint64' },
)

/** A type over the structs `behind` (anywhere) and `byValue` (where they may stand by value without recursion). */
function nodeOver(behind: readonly string[], byValue: readonly string[], depth = 3): fc.Arbitrary<TypeNode> {
  const flag = fc.constantFrom({}, {}, { notNull: true } as const)
  const leaf: fc.Arbitrary<TypeNode>[] = [
    simpleNode,
    fc.tuple(keyNode, flag).map(([key, f]) => ({ kind: 'set', key, ...f })),
  ]
  if (byValue.length > 0) leaf.push(fc.constantFrom(...byValue).map((ref) => ({ kind: 'struct', ref })))
  if (behind.length > 0)
    leaf.push(fc.constantFrom(...behind).map((ref) => ({ kind: 'pointer', elem: { kind: 'struct', ref } })))
  if (depth === 0) return fc.oneof(...leaf)
  const inner = nodeOver(behind, byValue, depth - 1)
  // A pointer marked not-null is its pointee, so it is given only what cannot close a circle.
  const list = inner.map((elem): TypeNode => (elem.kind === 'uint8' ? { kind: 'uint16' } : elem))
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...leaf) },
    {
      weight: 1,
      arbitrary: fc.tuple(inner, flag).map(([elem, f]): TypeNode => ({ kind: 'pointer', elem, ...f })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(list, flag).map(([elem, f]): TypeNode => ({ kind: 'array', elem, ...f })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(keyNode, inner, flag).map(([key, value, f]): TypeNode => ({ kind: 'map', key, value, ...f })),
    },
  )
}

/** Tables of structs `t.S0`, `t.S1` … that refer to each other; each has at least one field. */
export function schema(options: SchemaOptions = {}): fc.Arbitrary<Types> {
  const forms = options.forms ?? ['flat', 'fielded', 'partial']
  return fc.integer({ min: 1, max: options.structs ?? 4 }).chain((n) => {
    const refs = Array.from({ length: n }, (_, i) => `t.S${i}`)
    const structs = refs.map((_, i) => struct(forms, refs, refs.slice(0, i)))
    return fc.tuple(...structs).map((defs) => [Object.fromEntries(defs.map((def, i) => [refs[i], def]))] as Types)
  })
}

function struct(
  forms: readonly StructDef['form'][],
  behind: readonly string[],
  byValue: readonly string[],
): fc.Arbitrary<StructDef> {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 })
  const nodes = fc.array(nodeOver(behind, byValue), { minLength: 12, maxLength: 12 })
  return fc.tuple(fc.constantFrom(...forms), ids, nodes).map(([form, list, types]) => ({
    form,
    fields: list.map((id, i): FieldDef => {
      const type = types[i] as TypeNode
      return form === 'flat' ? { name: `f${i}`, type } : { name: `f${i}`, id, type }
    }),
  }))
}

const INT_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  int32: [-0x80000000, 0x7fffffff],
  uint8: [0, 0xff],
  uint16: [0, 0xffff],
  uint32: [0, 0xffffffff],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
}

/** Strings short and long, ASCII and not, without lone surrogates (which cannot travel). */
const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 14 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 80 }).map((s) => s.toWellFormed()),
)

function int(kind: string): fc.Arbitrary<number> {
  const [min, max] = INT_RANGES[kind] as readonly [number, number]
  const powers: number[] = Array.from({ length: 54 }, (_, i) => 2 ** i).flatMap((p) => [p - 1, p, -p, 1 - p])
  const edges = powers.filter((v) => v >= min && v <= max)
  return fc
    .oneof(
      fc.maxSafeInteger().map((v) => Math.max(min, Math.min(max, v))),
      fc.integer({ min: Math.max(min, -0x8000), max: Math.min(max, 0x7fff) }),
      fc.constantFrom(...edges),
    )
    .map((v) => v + 0)
}

function wide(kind: 'int64' | 'uint64'): fc.Arbitrary<bigint> {
  return kind === 'int64'
    ? fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })
    : fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
}

// −0 counts as absent in a fielded struct and NaN is not one value, so neither comes back as it was: they have tests of their own.
const float64 = fc.double({ noNaN: true }).filter((v) => !Object.is(v, -0))
const float32 = fc.float({ noNaN: true }).filter((v) => !Object.is(v, -0))
const millis = fc.maxSafeInteger().map((v) => v % 8.64e15)

/** A value of type `node` that survives the wire unchanged. `depth` bounds how far it follows recursive structs. */
export function valueOf(types: Types, node: TypeNode, depth = 3): fc.Arbitrary<unknown> {
  const size = { maxLength: 4 }
  switch (node.kind) {
    case 'bool':
      return fc.boolean()
    case 'string':
      return text
    case 'int64':
    case 'uint64':
      return node.as === 'bigint' ? wide(node.kind) : int(node.kind)
    case 'float32':
      return float32
    case 'float64':
      return float64
    case 'time':
      return node.as === 'millis' ? millis : millis.map((ms) => new Date(ms))
    case 'any':
      return dynamicValue
    case 'bytes':
      return orNull(node.notNull, fc.uint8Array({ maxLength: 100 }))
    case 'pointer': {
      if (node.notNull === true) return valueOf(types, node.elem, depth)
      if (depth <= 0) return fc.constant(null)
      const inner = valueOf(types, node.elem, depth - 1)
      return orNull(false, isBoxed(node.elem) ? inner.map((value) => ({ value })) : inner)
    }
    case 'array':
      if (depth <= 0) return orNull(node.notNull, fc.constant([]))
      return orNull(node.notNull, fc.array(valueOf(types, node.elem, depth - 1), size))
    case 'map':
      if (depth <= 0) return orNull(node.notNull, fc.constant(new Map()))
      return orNull(
        node.notNull,
        fc.array(fc.tuple(keyOf(node.key), valueOf(types, node.value, depth - 1)), size).map((e) => new Map(e)),
      )
    case 'set':
      return orNull(
        node.notNull,
        fc.array(keyOf(node.key), { maxLength: 4 }).map((e) => new Set(e)),
      )
    case 'struct': {
      const { fields } = structOf(types, node.ref)
      return fc.record(Object.fromEntries(fields.map((f) => [f.name, valueOf(types, f.type, depth - 1)])))
    }
    default:
      return int(node.kind)
  }
}

/** A key of type `node`. */
function keyOf(node: KeyNode): fc.Arbitrary<unknown> {
  return valueOf([], node, 0)
}

function orNull(notNull: boolean | undefined, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return notNull === true
    ? value
    : fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: value })
}

function isBoxed(node: TypeNode): boolean {
  if (node.kind === 'pointer') return node.notNull !== true || isBoxed(node.elem)
  return (
    node.kind === 'any' ||
    (['array', 'map', 'set', 'bytes'].includes(node.kind) && (node as { notNull?: boolean }).notNull !== true)
  )
}

// Never a zero: in a field, an `any` that holds zero counts as absent (wire.md §6.2).
const plain: fc.Arbitrary<unknown> = fc.letrec<{ one: unknown }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant(true),
    text.map((s) => `${s}.`),
    fc.integer({ min: 1 }),
    fc.bigInt({ min: 1n << 53n, max: (1n << 64n) - 1n }),
    fc.double({ noNaN: true, noInteger: true, noDefaultInfinity: true }),
    millis.map((ms) => new Date(ms)).filter((d) => d.getTime() !== -62_135_596_800_000),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('one'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 4 }), tie('one'), { maxKeys: 3 }).map((o) => new Map(Object.entries(o))),
    fc.array(fc.integer(), { maxLength: 3 }).map((a) => new Set(a)),
  ),
})).one

/** A dynamic value, as it looks after the wire. */
export const dynamicValue: fc.Arbitrary<DynamicValue> = plain.map((v) => dynamic(v))

/** A schema, a type and a value that survives the wire unchanged. */
export function sample(options: SchemaOptions = {}): fc.Arbitrary<Sample> {
  return schema(options).chain((types) => {
    const refs = Object.keys(types[0] as object)
    const node = fc.oneof(
      fc.constantFrom(...refs).map((ref): TypeNode => ({ kind: 'struct', ref })),
      nodeOver(refs, refs),
    )
    return node
      .filter((n) => n.kind !== 'array' || n.elem.kind !== 'uint8')
      .chain((n) => valueOf(types, n).map((value) => ({ types, node: n, value })))
  })
}
