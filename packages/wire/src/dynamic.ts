import { RivuletError } from './errors.ts'
import { malformed, readU8, type Reader } from './reader.ts'
import type { KeyNode, TypeNode } from './schema.ts'

/**
 * The value of an `any` field together with the type it travelled with (wire.md §8), so that it can be written again as the same bytes.
 * `type` uses the kinds of the schema; elements of a list of `any` are `DynamicValue`s themselves. 64-bit integers are numbers while that is exact, else bigints.
 *
 * @example
 * const volts: DynamicValue = { type: { kind: 'float64' }, value: 12.7 }
 */
export interface DynamicValue {
  readonly type: TypeNode
  readonly value: unknown
}

/** Descriptors and dynamic values may nest this deep; deeper is refused (pitfall 18). */
export const MAX_DYNAMIC_DEPTH = 64

const POINTER = 14
const ARRAY = 15
const MAP = 16
const DYNAMIC = 17
const VOID = 18

const SIMPLE = [
  undefined,
  'bool',
  'string',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'time',
] as const

const NODES: readonly (TypeNode | undefined)[] = SIMPLE.map((kind) => (kind === undefined ? undefined : { kind }))
const CODES = new Map<string, number>(SIMPLE.flatMap((kind, code) => (kind === undefined ? [] : [[kind, code]])))

/** Reads a type descriptor. Throws `malformed` for unknown codes and misplaced `dynamic`/`void`, `too-deep` beyond 64 levels. */
export function readDescriptor(r: Reader, nested = false, depth = 0): TypeNode {
  if (depth >= MAX_DYNAMIC_DEPTH)
    throw new RivuletError('too-deep', 'a type descriptor nested too deeply', { offset: r.pos })
  const at = r.pos
  const code = readU8(r)
  const simple = NODES[code]
  if (simple !== undefined) return simple
  if (code === POINTER) return { kind: 'pointer', elem: readDescriptor(r, true, depth + 1) }
  if (code === ARRAY) {
    const elem = readDescriptor(r, true, depth + 1)
    return elem.kind === 'uint8' ? { kind: 'bytes' } : { kind: 'array', elem }
  }
  if (code === MAP) {
    const keyAt = r.pos
    const key = readDescriptor(r, false, depth + 1)
    if (!isKey(key)) {
      r.pos = keyAt
      throw malformed(r, `a map key cannot be of kind ${key.kind}`)
    }
    if (r.pos < r.end && r.bytes[r.pos] === VOID) {
      r.pos++
      return { kind: 'set', key }
    }
    return { kind: 'map', key, value: readDescriptor(r, true, depth + 1) }
  }
  if (code === DYNAMIC && nested) return { kind: 'any' }
  r.pos = at
  throw malformed(r, `${code} is not a type descriptor${code === DYNAMIC || code === VOID ? ' in this place' : ''}`)
}

function isKey(node: TypeNode): node is KeyNode {
  return node.kind !== 'time' && CODES.has(node.kind)
}

/** How many pointers, lists and maps lie inside one another. */
export function containersIn(type: TypeNode): number {
  let count = 0
  for (let t: TypeNode | undefined = type; t !== undefined && count <= MAX_DYNAMIC_DEPTH; count++) {
    if (t.kind === 'pointer' || t.kind === 'array') t = t.elem
    else if (t.kind === 'map') t = t.value
    else return t.kind === 'set' ? count + 1 : count
  }
  return count
}

/** The descriptor bytes of `type`. Throws `invalid-value` for types that cannot be dynamic: structs, and what is marked not-null. */
export function descriptorOf(type: TypeNode, out: number[] = [], nested = false): number[] {
  if (!nested && containersIn(type) > MAX_DYNAMIC_DEPTH)
    throw new RivuletError('too-deep', 'a dynamic type nested too deeply')
  if ('notNull' in type && type.notNull) {
    throw new RivuletError('invalid-value', `a dynamic ${type.kind} cannot be marked not-null`)
  }
  const simple = CODES.get(type.kind)
  if (simple !== undefined) {
    out.push(simple)
    return out
  }
  switch (type.kind) {
    case 'bytes':
      out.push(ARRAY, CODES.get('uint8') as number)
      return out
    case 'pointer':
      out.push(POINTER)
      return descriptorOf(type.elem, out, true)
    case 'array':
      out.push(ARRAY)
      return descriptorOf(type.elem, out, true)
    case 'map':
      out.push(MAP)
      descriptorOf(type.key, out)
      return descriptorOf(type.value, out, true)
    case 'set':
      out.push(MAP)
      descriptorOf(type.key, out)
      out.push(VOID)
      return out
    case 'any':
      if (nested) {
        out.push(DYNAMIC)
        return out
      }
      break
    default:
      break
  }
  throw new RivuletError('invalid-value', `a dynamic value cannot be of kind ${type.kind}`)
}

/**
 * Wraps a plain JavaScript value, choosing the type that keeps it exact: boolean, string, int64 for whole numbers and bigints (uint64 above int64), float64 for other
 * numbers, time for dates, bytes, lists and maps. A list or map of mixed (or no) values holds `any`. Pass `type` to choose yourself.
 *
 * Throws `invalid-value` for functions, symbols and plain objects (the wire has no dynamic structs: use a `Map`).
 *
 * @example
 * dynamic(['low', 3])   // list of any: 'low', int64 3
 */
export function dynamic(value: unknown, type?: TypeNode): DynamicValue {
  return type === undefined ? infer(value, 0) : { type, value }
}

const INT64: TypeNode = { kind: 'int64' }

function infer(value: unknown, depth: number): DynamicValue {
  if (depth > MAX_DYNAMIC_DEPTH) throw new RivuletError('too-deep', 'a dynamic value nested too deeply')
  if (value === null || value === undefined) return { type: { kind: 'pointer', elem: INT64 }, value: null }
  switch (typeof value) {
    case 'boolean':
      return { type: { kind: 'bool' }, value }
    case 'string':
      return { type: { kind: 'string' }, value }
    case 'number':
      return {
        type: { kind: Number.isSafeInteger(value) && !Object.is(value, -0) ? 'int64' : 'float64' },
        value,
      }
    case 'bigint':
      return { type: { kind: BigInt.asIntN(64, value) === value ? 'int64' : 'uint64' }, value }
    default:
      break
  }
  if (value instanceof Date) return { type: { kind: 'time' }, value }
  if (value instanceof Uint8Array) return { type: { kind: 'bytes' }, value }
  if (Array.isArray(value)) {
    const parts = value.map((v) => infer(v, depth + 1))
    const elem = commonType(parts)
    return {
      type: { kind: 'array', elem },
      value: elem.kind === 'any' ? parts : parts.map((p) => p.value),
    }
  }
  if (value instanceof Map) {
    const keys = commonKey([...value.keys()])
    const entries = [...value].map(([k, v]) => [k, infer(v, depth + 1)] as const)
    const elem = commonType(entries.map(([, v]) => v))
    const plain = new Map(entries.map(([k, v]) => [k, elem.kind === 'any' ? v : v.value]))
    return { type: { kind: 'map', key: keys, value: elem }, value: plain }
  }
  if (value instanceof Set) return { type: { kind: 'set', key: commonKey([...value]) }, value }
  if (typeof value === 'object' && 'type' in value && 'value' in value) return value as DynamicValue
  throw new RivuletError('invalid-value', `a ${typeof value} cannot be a dynamic value`, {
    hint: 'Use a Map for keyed data; the wire has no dynamic structs.',
  })
}

function commonType(parts: readonly DynamicValue[]): TypeNode {
  const first = parts[0]
  if (first === undefined) return { kind: 'any' }
  const code = descriptorOf(first.type).join()
  return parts.every((p) => descriptorOf(p.type).join() === code) ? first.type : { kind: 'any' }
}

function commonKey(keys: readonly unknown[]): KeyNode {
  if (keys.length === 0) return { kind: 'string' }
  const parts = keys.map((k) => infer(k, 0))
  const type = commonType(parts)
  if (!isKey(type)) throw new RivuletError('invalid-value', 'the keys of a dynamic map must all be of one simple type')
  return type
}
