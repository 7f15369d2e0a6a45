import type { PrimitiveKind, SchemaNode } from '../../model/schema-node.ts'

/** Go's basic types on the wire. `int` and `uint` are 64 bits wide (codegen.md §2). */
const BASIC: Readonly<Record<string, { readonly kind: PrimitiveKind; readonly goType?: string }>> = {
  bool: { kind: 'bool' },
  string: { kind: 'string' },
  int: { kind: 'int64', goType: 'int' },
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  uint: { kind: 'uint64', goType: 'uint' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  byte: { kind: 'uint8', goType: 'byte' },
  rune: { kind: 'int32', goType: 'rune' },
  float32: { kind: 'float32' },
  float64: { kind: 'float64' },
}

/** The node of a predeclared type; undefined when it has none on the wire, or there is no such type. */
export function universeNode(name: string): SchemaNode | undefined {
  if (name === 'any') return { kind: 'any' }
  return Object.hasOwn(BASIC, name) ? BASIC[name] : undefined
}

/** Predeclared types that cannot travel. */
export const UNIVERSE_ONLY: ReadonlySet<string> = new Set(['complex64', 'complex128', 'uintptr', 'error', 'comparable'])

/** Types of Go's library that the wire knows, by import path and name. */
const LIBRARY: Readonly<Record<string, SchemaNode>> = {
  'time.Time': { kind: 'time' },
  'time.Duration': { kind: 'int64', goType: 'time.Duration' },
  'time.Month': { kind: 'int64', goType: 'time.Month' },
  'time.Weekday': { kind: 'int64', goType: 'time.Weekday' },
}

/** The node of a type of Go's library; undefined when the wire does not know it. */
export function libraryNode(path: string, name: string): SchemaNode | undefined {
  const key = `${path}.${name}`
  return Object.hasOwn(LIBRARY, key) ? LIBRARY[key] : undefined
}
