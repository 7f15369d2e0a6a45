import { problemOf } from './check-types.ts'
import { containersIn, descriptorOf, dynamic, type DynamicValue, MAX_DYNAMIC_DEPTH } from './dynamic.ts'
import { arrayEncoder, mapEncoder, setEncoder } from './encode-collection.ts'
import { type Encode, simpleEncoder, wrong } from './encode-simple.ts'
import { fieldedEncoder, flatEncoder } from './encode-struct.ts'
import { RivuletError } from './errors.ts'
import type { StructDef, TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'
import { invalid, writePacked, writeU8, type Writer } from './writer.ts'

export type { Encode } from './encode-simple.ts'

interface Compiled {
  readonly nodes: WeakMap<TypeNode, Encode>
  readonly structs: Map<string, Encode>
}

const cache = new WeakMap<Types, Compiled>()

/**
 * The encoder of `node`, compiled once per schema into closures (no eval). Throws `schema` for descriptors that refer to nothing or contradict
 * themselves; what lies behind a struct is checked when that struct is first written.
 */
export function encoderOf(types: Types, node: TypeNode): Encode {
  const { nodes } = compiledFor(types)
  const found = nodes.get(node)
  if (found !== undefined) return found
  const problem = problemOf(types, node, 0)
  if (problem !== undefined) throw new RivuletError('schema', problem)
  const made = compile(types, node)
  nodes.set(node, made)
  return made
}

function compiledFor(types: Types): Compiled {
  let found = cache.get(types)
  if (found === undefined) cache.set(types, (found = { nodes: new WeakMap(), structs: new Map() }))
  return found
}

function compile(types: Types, node: TypeNode): Encode {
  switch (node.kind) {
    case 'any':
      return writeDynamic
    case 'pointer':
      return pointerEncoder(node.notNull === true, canBeNull(node.elem), encoderOf(types, node.elem))
    case 'array':
      return nullable(node.notNull, arrayEncoder(encoderOf(types, node.elem)))
    case 'map':
      return nullable(node.notNull, mapEncoder(encoderOf(types, node.key), encoderOf(types, node.value)))
    case 'set':
      return nullable(node.notNull, setEncoder(encoderOf(types, node.key)))
    case 'struct':
      return structEncoder(types, node.ref)
    case 'bytes':
      return nullable(node.notNull, simpleEncoder(node) as Encode)
    default:
      return simpleEncoder(node) as Encode
  }
}

function nullable(notNull: boolean | undefined, encode: Encode): Encode {
  if (notNull === true) {
    return (w, v) => {
      if (v === null) writePacked(w, 0) // what a Go host writes for a nil list or map marked not-null
      else encode(w, v)
    }
  }
  return (w, v) => {
    if (v === null) writeU8(w, 1)
    else {
      writeU8(w, 0)
      encode(w, v)
    }
  }
}

function pointerEncoder(notNull: boolean, boxed: boolean, elem: Encode): Encode {
  if (notNull) {
    // Where the pointee can be null (`boxed`), null is its null: the pointer itself has none.
    if (boxed) return elem
    return (w, v) => {
      if (v === null || v === undefined) throw invalid('a pointer marked not-null cannot be null')
      elem(w, v)
    }
  }
  if (!boxed) return nullable(false, elem)
  return nullable(false, (w, v) => {
    if (typeof v !== 'object' || !('value' in (v as object))) throw wrong('a box { value }', v)
    elem(w, (v as { value: unknown }).value)
  })
}

function structEncoder(types: Types, ref: string): Encode {
  const { structs } = compiledFor(types)
  const found = structs.get(ref)
  if (found !== undefined) return found
  const def = structOf(types, ref)
  let body: Encode | undefined
  // Fields are compiled on first use, so a recursive struct finds itself here.
  const self: Encode = (w, v) => (body ??= bodyEncoder(types, def))(w, v)
  structs.set(ref, self)
  return self
}

function bodyEncoder(types: Types, { form, fields }: StructDef): Encode {
  const encoders = fields.map((f) => encoderOf(types, f.type))
  return form === 'flat' ? flatEncoder(fields, encoders) : fieldedEncoder(fields, encoders)
}

const NO_TYPES: Types = []

/** An `any`: the type it carries, then the value (wire.md §8). What is not a `DynamicValue` yet gets the type that {@link dynamic} chooses. */
function writeDynamic(w: Writer, v: unknown): void {
  const { type, value } = isDynamicValue(v) ? v : dynamic(v)
  const levels = 1 + containersIn(type)
  w.dynamicDepth += levels
  if (w.dynamicDepth > MAX_DYNAMIC_DEPTH) {
    throw new RivuletError('too-deep', `a dynamic value nested deeper than ${MAX_DYNAMIC_DEPTH} levels`)
  }
  for (const code of descriptorOf(type)) writeU8(w, code)
  encoderOf(NO_TYPES, type)(w, value)
  w.dynamicDepth -= levels
}

function isDynamicValue(v: unknown): v is DynamicValue {
  return typeof v === 'object' && v !== null && 'type' in v && 'value' in v
}
