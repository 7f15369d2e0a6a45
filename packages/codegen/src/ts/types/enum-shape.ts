import type { TSType } from 'oxc-parser'
import type { Declaration } from '../syntax/declarations.ts'

/** A declaration whose values have names, or are named by what they are. */
export type EnumShape =
  | { readonly kind: 'enum' }
  /** `type Phase = (typeof Phase)[keyof typeof Phase]`. */
  | { readonly kind: 'object'; readonly name: string }
  /** `type Light = 'sun' | 'shade'`: every part is a literal. */
  | { readonly kind: 'literals'; readonly parts: readonly LiteralPart[] }

/** One literal of a union. */
interface LiteralPart {
  readonly start: number
  /** Undefined for a literal that no enum can have: a boolean, a bigint, a template, an expression. */
  readonly value: string | number | undefined
}

/** What kind of enum a declaration is; undefined when it is none. */
export function enumShape(declared: Declaration): EnumShape | undefined {
  if (declared.kind === 'enum') return { kind: 'enum' }
  if (declared.kind !== 'alias' || declared.node.typeParameters) return undefined
  const type = unwrap(declared.node.typeAnnotation)
  const object = objectName(type)
  if (object !== undefined) return { kind: 'object', name: object }
  const parts = unionParts(type)
  if (!parts.every((part) => part.type === 'TSLiteralType')) return undefined
  return { kind: 'literals', parts: parts.map((part) => ({ start: part.start, value: literalValue(part) })) }
}

function unwrap(type: TSType): TSType {
  return type.type === 'TSParenthesizedType' ? unwrap(type.typeAnnotation) : type
}

function unionParts(type: TSType): readonly TSType[] {
  const inner = unwrap(type)
  return inner.type === 'TSUnionType' ? inner.types.flatMap(unionParts) : [inner]
}

function literalValue(type: TSType): string | number | undefined {
  if (type.type !== 'TSLiteralType') return undefined
  const { literal } = type
  if (literal.type === 'Literal') return plainLiteral(literal.value)
  const negative = literal.type === 'UnaryExpression' && literal.operator === '-' ? literal.argument : undefined
  return negative?.type === 'Literal' && typeof negative.value === 'number' ? -negative.value : undefined
}

const plainLiteral = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined

function objectName(type: TSType): string | undefined {
  if (type.type !== 'TSIndexedAccessType') return undefined
  const object = queried(type.objectType)
  const index = unwrap(type.indexType)
  const keys = index.type === 'TSTypeOperator' && index.operator === 'keyof' ? queried(index.typeAnnotation) : undefined
  return object === keys ? object : undefined
}

function queried(type: TSType): string | undefined {
  const inner = unwrap(type)
  return inner.type === 'TSTypeQuery' && inner.exprName.type === 'Identifier' ? inner.exprName.name : undefined
}
