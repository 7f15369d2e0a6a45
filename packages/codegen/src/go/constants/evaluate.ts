import type { Declared, GoFile } from '../project/go-package.ts'
import type { ConstSyntax } from '../syntax/read-declarations.ts'
import { readType } from '../syntax/go-type.ts'
import { type Node, partsOf } from '../syntax/node.ts'
import { constTypeOf } from '../types/const-type.ts'
import type { Lookup } from '../types/lookup.ts'
import { asType, type Constant, widthOf } from './constant.ts'
import { libraryConstant } from './library-constants.ts'
import { parseFloatLiteral, parseIntLiteral, parseRuneLiteral, parseStringLiteral } from './literals.ts'
import { binary, unary } from './operators.ts'

/** Deeper expressions, and longer chains of constants, than any program has. */
const MAX_DEPTH = 256

/** Where an expression stands. */
interface ConstScope {
  readonly file: GoFile
  readonly iota?: number
  /** Constants of the function around it; `undefined` when there is none of that name. */
  readonly local?: (name: string, node: Node) => Declared<ConstSyntax> | undefined
}

/** Evaluates constant expressions; undefined when an expression is none, or cannot be evaluated from the sources that are here. */
export interface Evaluator {
  readonly expression: (node: Node, scope: ConstScope) => Constant | undefined
  readonly declared: (constant: Declared<ConstSyntax>) => Constant | undefined
}

/**
 * An evaluator for the constants that `lookup` finds. `known` supplies constants that a generator declares in files that are not read:
 * `<Store>Name`.
 */
export function createEvaluator(
  lookup: Lookup,
  known: (file: GoFile, pkg: string | undefined, name: string) => Constant | undefined = () => undefined,
): Evaluator {
  const results = new Map<ConstSyntax, Constant | undefined>()

  const declared = ({ syntax, file }: Declared<ConstSyntax>, depth: number): Constant | undefined => {
    if (results.has(syntax)) return results.get(syntax)
    // In case its value leads back to itself.
    results.set(syntax, undefined)
    const value =
      syntax.value === undefined ? undefined : evaluate(syntax.value, { file, iota: syntax.iota }, depth + 1)
    const type = syntax.type === undefined ? undefined : constTypeOf(lookup, file, syntax.type)
    const result =
      value === undefined || (syntax.type !== undefined && type === undefined)
        ? undefined
        : type === undefined
          ? value
          : asType(value, type)
    results.set(syntax, result)
    return result
  }

  const named = (pkg: string | undefined, name: string, node: Node, scope: ConstScope, depth: number) => {
    const local = pkg === undefined ? scope.local?.(name, node) : undefined
    if (local !== undefined) return declared(local, depth)
    const found = lookup.constant(scope.file, pkg, name)
    if (found.kind === 'declared') return declared(found.declared, depth)
    if (found.kind === 'foreign') return libraryConstant(found.path, name)
    if (pkg === undefined && (name === 'true' || name === 'false'))
      return { kind: 'bool', value: name === 'true' } as const
    return known(scope.file, pkg, name)
  }

  const evaluate = (node: Node, scope: ConstScope, depth: number): Constant | undefined => {
    if (depth > MAX_DEPTH) return undefined
    const at = (field: string): Constant | undefined => {
      const child = node.childForFieldName(field)
      return child === null ? undefined : evaluate(child, scope, depth + 1)
    }
    switch (node.type) {
      case 'int_literal': {
        const value = parseIntLiteral(node.text)
        return value === undefined ? undefined : { kind: 'int', value }
      }
      case 'float_literal': {
        const value = parseFloatLiteral(node.text)
        return value === undefined ? undefined : { kind: 'float', value }
      }
      case 'rune_literal': {
        const value = parseRuneLiteral(node.text)
        return value === undefined ? undefined : { kind: 'int', value: BigInt(value), rune: true }
      }
      case 'interpreted_string_literal':
      case 'raw_string_literal': {
        const value = parseStringLiteral(node.text)
        return value === undefined ? undefined : { kind: 'string', value }
      }
      case 'true':
      case 'false':
        return { kind: 'bool', value: node.type === 'true' }
      case 'iota':
        return scope.iota === undefined ? undefined : { kind: 'int', value: BigInt(scope.iota) }
      case 'identifier':
        return named(undefined, node.text, node, scope, depth)
      case 'selector_expression': {
        const pkg = node.childForFieldName('operand')
        const name = node.childForFieldName('field')?.text ?? ''
        return pkg?.type === 'identifier' ? named(pkg.text, name, node, scope, depth) : undefined
      }
      case 'parenthesized_expression': {
        const [inner] = partsOf(node)
        return inner === undefined ? undefined : evaluate(inner, scope, depth + 1)
      }
      case 'unary_expression': {
        const operand = at('operand')
        return operand === undefined ? undefined : unary(node.childForFieldName('operator')?.text ?? '', operand)
      }
      case 'binary_expression': {
        const [left, right] = [at('left'), at('right')]
        if (left === undefined || right === undefined) return undefined
        return binary(node.childForFieldName('operator')?.text ?? '', left, right)
      }
      case 'call_expression':
      case 'type_conversion_expression':
        return call(node, scope, depth)
      default:
        return undefined
    }
  }

  const call = (node: Node, scope: ConstScope, depth: number): Constant | undefined => {
    const list = node.childForFieldName('arguments')
    const callee = node.childForFieldName('function') ?? node.childForFieldName('type')
    const args = list === null ? [node.childForFieldName('operand')] : partsOf(list)
    const [only] = args
    if (callee === null || only === undefined || only === null || args.length !== 1) return undefined
    const value = evaluate(only, scope, depth + 1)
    if (value === undefined) return undefined
    if (callee.text === 'len' && value.kind === 'string') {
      return {
        kind: 'int',
        value: BigInt(new TextEncoder().encode(value.value).length),
        type: { ref: 'int', kind: 'int64' },
      }
    }
    const type = constTypeOf(lookup, scope.file, readType(scope.file.path, callee))
    if (type === undefined) return undefined
    // Conversions do what assignments may not: the character of a code point.
    if (type.kind === 'string' && value.kind === 'int') {
      const point = value.value >= 0n && value.value <= 0x10ffffn ? Number(value.value) : 0xfffd
      return { kind: 'string', value: String.fromCodePoint(point), type }
    }
    const plain = value.kind === 'float' && widthOf(type.kind) !== undefined && value.type !== undefined
    return plain ? undefined : asType(value, type)
  }

  return {
    expression: (node, scope) => evaluate(node, scope, 0),
    declared: (constant) => declared(constant, 0),
  }
}
