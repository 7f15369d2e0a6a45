import type { PrimitiveKind } from '../../model/schema-node.ts'
import type { ConstType } from '../constants/constant.ts'
import type { GoFile } from '../project/go-package.ts'
import type { GoType } from '../syntax/go-type.ts'
import type { Lookup } from './lookup.ts'
import { libraryNode, universeNode } from './universe.ts'

/** Longer chains of `type A B` than any program has; a circle, which Go refuses, ends here. */
const MAX_CHAIN = 64

/**
 * The type as a constant has it: a basic type, or a declared type whose underlying type is one. Undefined when constants cannot have it.
 * A type of a package that is not here has no `kind`.
 */
export function constTypeOf(lookup: Lookup, file: GoFile, type: GoType, depth = 0): ConstType | undefined {
  if (type.kind !== 'name' || type.args.length > 0 || depth > MAX_CHAIN) return undefined
  const found = lookup.type(file, type.pkg, type.name)
  if (found.kind === 'foreign') {
    const kind = primitiveKind(libraryNode(found.path, type.name))
    return { ref: `${type.pkg}.${type.name}`, ...(kind === undefined ? {} : { kind }) }
  }
  if (found.kind === 'missing') {
    const kind = type.pkg === undefined ? primitiveKind(universeNode(type.name)) : undefined
    return kind === undefined ? undefined : { ref: BASIC_ALIAS[type.name] ?? type.name, kind }
  }
  const { syntax, file: home } = found.declared
  const underlying = constTypeOf(lookup, home, syntax.type, depth + 1)
  if (underlying === undefined || syntax.alias) return underlying
  return { ...underlying, ref: `${home.pkg.name}.${syntax.name}` }
}

const BASIC_ALIAS: Readonly<Record<string, string>> = { byte: 'uint8', rune: 'int32' }

function primitiveKind(node: { readonly kind: string } | undefined): PrimitiveKind | undefined {
  return node === undefined || node.kind === 'time' || node.kind === 'any' ? undefined : (node.kind as PrimitiveKind)
}
