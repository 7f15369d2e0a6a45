import { arrayDecoder, mapDecoder, setDecoder } from './decode-collection.ts'
import { type Decode, simpleDecoder } from './decode-simple.ts'
import { type DynamicValue, MAX_DYNAMIC_DEPTH, readDescriptor } from './dynamic.ts'
import { readNullFlag, readPacked64, type Reader, tooDeep } from './reader.ts'
import type { ArrayNode, MapNode, PointerNode, SetNode, TypeNode } from './schema.ts'
import { canBeNull } from './can-be-null.ts'

/** An `any`: the type it carries, then the value (wire.md §8). */
export function readDynamic(r: Reader): DynamicValue {
  enterDynamic(r)
  const type = readDescriptor(r)
  const value = readDynamicOf(r, type)
  r.dynamicDepth--
  return { type, value }
}

/** Runs below one more dynamic value or container of one: one count for both, because either could exhaust the stack alone, and so could both together. */
export function enterDynamic(r: Reader): void {
  if (++r.dynamicDepth > MAX_DYNAMIC_DEPTH) throw tooDeep(r, MAX_DYNAMIC_DEPTH)
}

function readDynamicOf(r: Reader, type: TypeNode): unknown {
  switch (type.kind) {
    case 'int64':
      return readPacked64(r, false)
    case 'uint64':
      return readPacked64(r, true)
    case 'any':
      return readDynamic(r)
    case 'pointer':
    case 'array':
    case 'map':
    case 'set': {
      if (readNullFlag(r)) return null
      enterDynamic(r)
      const value = readDynamicPart(r, type)
      r.dynamicDepth--
      return value
    }
    default:
      return readSimple(r, type)
  }
}

function readSimple(r: Reader, type: TypeNode): unknown {
  if (type.kind === 'bytes' && readNullFlag(r)) return null
  return (simpleDecoder(type) as Decode)(r)
}

function readDynamicPart(r: Reader, type: PointerNode | ArrayNode | MapNode | SetNode): unknown {
  switch (type.kind) {
    case 'pointer': {
      const value = readDynamicOf(r, type.elem)
      return canBeNull(type.elem) ? { value } : value
    }
    case 'array':
      return arrayDecoder((x) => readDynamicOf(x, type.elem), 1)(r)
    case 'map':
      return mapDecoder(
        (x) => readDynamicOf(x, type.key),
        (x) => readDynamicOf(x, type.value),
        2,
      )(r)
    default:
      return setDecoder((x) => readDynamicOf(x, type.key), 1)(r)
  }
}
