import type { DynamicValue } from './dynamic.ts'
import { type Encode, isBuiltIn, wrong } from './encode-simple.ts'
import { atPath, RivuletError } from './errors.ts'
import { MAX_DEPTH } from './reader.ts'
import type { FieldDef, TypeNode } from './schema.ts'
import { beginSized, endSized, invalid, writeU8, type Writer } from './writer.ts'
import { ZERO_TIME_MILLIS } from './zero-with.ts'

type Struct = Readonly<Record<string, unknown>>

/** A flat struct: every field, in a row (wire.md §6). */
export function flatEncoder(fields: readonly FieldDef[], encoders: readonly Encode[]): Encode {
  const names = fields.map((f) => f.name)
  const inherited = names.map(isInherited)
  return (w, v) => {
    if (typeof v !== 'object' || v === null) throw wrong('an object', v)
    enter(w)
    let i = 0
    try {
      for (; i < names.length; i++) {
        const name = names[i] as string
        const value = inherited[i] === true && !Object.hasOwn(v, name) ? undefined : (v as Struct)[name]
        if (value === undefined) throw invalid('a field of a flat struct is missing')
        ;(encoders[i] as Encode)(w, value)
      }
    } catch (e) {
      throw atPath(e, names[i] as string)
    }
    w.depth--
  }
}

/** A fielded struct: an entry for every field that is not zero (wire.md §6.2, §12.1). */
export function fieldedEncoder(fields: readonly FieldDef[], encoders: readonly Encode[]): Encode {
  const names = fields.map((f) => f.name)
  const inherited = names.map(isInherited)
  const ids = fields.map((f) => f.id as number)
  const zeros = fields.map((f) => plainZero(f.type))
  const tests = fields.map((f) => zeroTest(f.type))
  return (w, v) => {
    if (typeof v !== 'object' || v === null) throw wrong('an object', v)
    enter(w)
    const struct = beginSized(w)
    let i = 0
    try {
      for (; i < names.length; i++) {
        const name = names[i] as string
        const value = inherited[i] === true && !Object.hasOwn(v, name) ? undefined : (v as Struct)[name]
        if (value === undefined || value === zeros[i]) continue
        const test = tests[i]
        if (test !== undefined && test(value)) continue
        writeU8(w, ids[i] as number)
        const entry = beginSized(w)
        ;(encoders[i] as Encode)(w, value)
        endSized(w, entry)
      }
    } catch (e) {
      throw atPath(e, names[i] as string)
    }
    endSized(w, struct)
    w.depth--
  }
}

/** A struct that holds itself must not exhaust the stack; no reader would follow it further either. */
function enter(w: Writer): void {
  if (++w.depth > MAX_DEPTH) {
    throw new RivuletError('too-deep', `a value nested deeper than ${MAX_DEPTH} levels`, {
      hint: 'Does it contain itself?',
    })
  }
}

/** `toString`, `constructor` and the like are found on every object, whether it has such a field or not. */
function isInherited(name: string): boolean {
  return name in Object.prototype
}

/** The zero that `===` recognises; NaN, which it never does, where there is none. */
function plainZero(node: TypeNode): unknown {
  switch (node.kind) {
    case 'string':
      return ''
    case 'bool':
      return false
    case 'struct':
    case 'time':
      return Number.NaN
    case 'any':
    case 'pointer':
    case 'array':
    case 'bytes':
    case 'map':
    case 'set':
      return null
    default:
      return 0
  }
}

/** Recognises the other zeros, where a type has any. */
function zeroTest(node: TypeNode): ((value: unknown) => boolean) | undefined {
  switch (node.kind) {
    case 'time':
      return (v) => (isBuiltIn(v, 'Date') ? (v as Date).getTime() : v) === ZERO_TIME_MILLIS
    case 'any':
      return isZeroDynamic
    case 'int64':
    case 'uint64':
      return (v) => v === 0n
    default:
      return undefined
  }
}

function isZeroDynamic(v: unknown): boolean {
  if (typeof v !== 'object' || v === null) return false
  const { type, value } = v as Partial<DynamicValue>
  if (type === undefined) return false
  return value === plainZero(type) || zeroTest(type)?.(value) === true
}
