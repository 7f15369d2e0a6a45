import type { TSType, TSTypeName, TSTypeParameterDeclaration } from 'oxc-parser'
import type { Declaration } from '../syntax/declarations.ts'

/** The parts of a union, those of unions in parentheses too. */
export function flatten(type: TSType): readonly TSType[] {
  if (type.type === 'TSParenthesizedType') return flatten(type.typeAnnotation)
  return type.type === 'TSUnionType' ? type.types.flatMap(flatten) : [type]
}

/** `['ns', 'Name']` for `ns.Name`. */
export function nameParts(name: TSTypeName): readonly string[] {
  if (name.type === 'TSQualifiedName') return [...nameParts(name.left), name.right.name]
  return name.type === 'Identifier' ? [name.name] : ['this']
}

/** The names of type parameters. */
export function paramNames(params: TSTypeParameterDeclaration | null | undefined): readonly string[] {
  return params?.params.map(({ name }) => name.name) ?? []
}

/** Whether a declaration has fields: an interface, or an alias of an object type or intersection. */
export function isStruct(declared: Declaration): boolean {
  if (declared.kind === 'interface') return true
  if (declared.kind !== 'alias') return false
  let type = declared.node.typeAnnotation
  while (type.type === 'TSParenthesizedType') type = type.typeAnnotation
  return type.type === 'TSTypeLiteral' || type.type === 'TSIntersectionType'
}
