import { problemOf } from './check-types.ts'
import { arrayDecoder, mapDecoder, setDecoder } from './decode-collection.ts'
import { readDynamic } from './decode-dynamic.ts'
import { type Decode, simpleDecoder } from './decode-simple.ts'
import { fieldedDecoder, flatDecoder } from './decode-struct.ts'
import { RivuletError } from './errors.ts'
import { readNullFlag } from './reader.ts'
import type { StructDef, TypeNode, Types } from './schema.ts'
import { canBeNull } from './can-be-null.ts'
import { structOf } from './struct-table.ts'

export type { Decode } from './decode-simple.ts'

interface Compiled {
  readonly nodes: WeakMap<TypeNode, Decode>
  readonly structs: Map<string, Decode>
}

const cache = new WeakMap<Types, Compiled>()

/**
 * The decoder of `node`, compiled once per schema into closures (no eval). Throws `schema` for descriptors that refer to nothing or contradict
 * themselves; what lies behind a struct is checked when that struct is first read.
 */
export function decoderOf(types: Types, node: TypeNode): Decode {
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

function compile(types: Types, node: TypeNode): Decode {
  switch (node.kind) {
    case 'any':
      return readDynamic
    case 'pointer': {
      const elem = decoderOf(types, node.elem)
      if (node.notNull === true) return elem
      return canBeNull(node.elem) ? nullable(false, (r) => ({ value: elem(r) })) : nullable(false, elem)
    }
    case 'array':
      return nullable(node.notNull, arrayDecoder(decoderOf(types, node.elem), minSizeOf(types, node.elem)))
    case 'map': {
      const key = decoderOf(types, node.key)
      const size = minEntryOf(types, node.key, node.value)
      return nullable(node.notNull, mapDecoder(key, decoderOf(types, node.value), size))
    }
    case 'set':
      return nullable(node.notNull, setDecoder(decoderOf(types, node.key), minSizeOf(types, node.key)))
    case 'struct':
      return structDecoder(types, node.ref)
    case 'bytes':
      return nullable(node.notNull, simpleDecoder(node) as Decode)
    default:
      return simpleDecoder(node) as Decode
  }
}

function nullable(notNull: boolean | undefined, decode: Decode): Decode {
  return notNull === true ? decode : (r) => (readNullFlag(r) ? null : decode(r))
}

function structDecoder(types: Types, ref: string): Decode {
  const { structs } = compiledFor(types)
  const found = structs.get(ref)
  if (found !== undefined) return found
  const def = structOf(types, ref)
  let body: Decode | undefined
  // Fields are compiled on first use, so a recursive struct finds itself here.
  const self: Decode = (r) => (body ??= bodyDecoder(types, def))(r)
  structs.set(ref, self)
  return self
}

function bodyDecoder(types: Types, { form, fields }: StructDef): Decode {
  const decoders = fields.map((f) => decoderOf(types, f.type))
  return form === 'flat' ? flatDecoder(fields, decoders) : fieldedDecoder(types, fields, decoders)
}

/** The fewest bytes a value of this type takes, at least 1: what bounds a count before anything is allocated. */
export function minSizeOf(types: Types, node: TypeNode): number {
  return Math.max(1, minSize(types, node))
}

/** The fewest bytes of a key with its value; the value may take none, when it is a flat struct without fields. */
export function minEntryOf(types: Types, key: TypeNode, value: TypeNode): number {
  return minSizeOf(types, key) + minSize(types, value)
}

function minSize(types: Types, node: TypeNode): number {
  switch (node.kind) {
    case 'float32':
      return 4
    case 'float64':
      return 8
    case 'any':
      return 2
    case 'pointer':
      return node.notNull === true ? minSize(types, node.elem) : 1
    case 'struct': {
      const def = structOf(types, node.ref)
      return def.form === 'flat' ? def.fields.reduce((sum, f) => sum + minSize(types, f.type), 0) : 1
    }
    default:
      return 1
  }
}
