import type { SchemaNode } from '../../model/schema-node.ts'

/** The package that names the kinds of numbers. */
export const WIRE = '@rivulet/wire'

/** The types of {@link WIRE} that fields may have, besides `Box`. */
const KINDS: Readonly<Record<string, SchemaNode>> = {
  int8: { kind: 'int8' },
  int16: { kind: 'int16' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  uint8: { kind: 'uint8' },
  uint16: { kind: 'uint16' },
  uint32: { kind: 'uint32' },
  uint64: { kind: 'uint64' },
  bigint64: { kind: 'int64', extra: { as: 'bigint' } },
  biguint64: { kind: 'uint64', extra: { as: 'bigint' } },
  float32: { kind: 'float32' },
  float64: { kind: 'float64' },
  millis: { kind: 'time', extra: { as: 'millis' } },
}

/** The node of a kind of number; undefined when there is no such kind. */
export function kindNode(name: string): SchemaNode | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
}

/** TypeScript's keywords that can travel. */
export const KEYWORDS: Readonly<Record<string, SchemaNode>> = {
  TSBooleanKeyword: { kind: 'bool' },
  TSStringKeyword: { kind: 'string' },
  TSNumberKeyword: { kind: 'float64' },
  TSBigIntKeyword: { kind: 'int64', extra: { as: 'bigint' } },
  TSUnknownKeyword: { kind: 'any' },
}

/** JavaScript's own types that can travel and take no type arguments. */
export const BUILT_IN: Readonly<Record<string, SchemaNode>> = {
  Date: { kind: 'time' },
  Uint8Array: { kind: 'array', notNull: true, elem: { kind: 'uint8' } },
}

/** JavaScript's collections, and `Readonly`, by their number of type arguments. */
export const COLLECTIONS: Readonly<Record<string, number>> = {
  Array: 1,
  ReadonlyArray: 1,
  Set: 1,
  ReadonlySet: 1,
  Map: 2,
  ReadonlyMap: 2,
  Readonly: 1,
}

/** What cannot travel, by the kind of its syntax: what it is, and what to write. */
export const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  TSAnyKeyword: ['`any`', 'Write `unknown`: it travels with its own type.'],
  TSObjectKeyword: ['`object`', 'Declare an interface with the fields, or write `unknown`.'],
  TSSymbolKeyword: ['a symbol', 'Symbols cannot travel: leave the field out.'],
  TSNeverKeyword: ['`never`', 'Leave the field out.'],
  TSVoidKeyword: ['`void`', 'Leave the field out; only calls return void.'],
  TSUndefinedKeyword: ['`undefined`', 'The wire has null and no undefined: write `| null`.'],
  TSNullKeyword: ['always null', 'Name the type that it has when it is there: `T | null`.'],
  TSIntrinsicKeyword: ['intrinsic', 'Use another type.'],
  TSThisType: ['`this`', 'Write the name of the interface.'],
  TSFunctionType: ['a function', 'Functions cannot travel: leave the field out, or declare a call with @restream.rpc.'],
  TSConstructorType: ['a constructor', 'Constructors cannot travel: leave the field out.'],
  TSTupleType: ['a tuple', 'Write a list, `readonly T[]`, or an interface with a field for each part.'],
  TSTemplateLiteralType: ['a template literal', 'Write `string`, or name the values: type Name = "a" | "b".'],
  TSConditionalType: ['a conditional type', 'Types are read without calculating them: write out the result.'],
  TSMappedType: ['a mapped type', 'Write ReadonlyMap<K, V>, or an interface with the fields.'],
  TSIndexedAccessType: ['an indexed access', 'Write the name of the type itself.'],
  TSTypeQuery: ['a `typeof`', 'Write the name of a type.'],
  TSImportType: ['an `import()`', 'Write an import at the head of the file.'],
  TSInferType: ['an `infer`', 'Types are read without calculating them: write out the result.'],
  TSTypePredicate: ['a type predicate', 'Write `boolean`.'],
  TSIntersectionType: ['an intersection', 'Name it, type Name = A & B, so that it is a struct.'],
}
