import type { GoFile } from '../project/go-package.ts'
import { type GoType, readParams } from '../syntax/go-type.ts'
import { type Node, partsOf } from '../syntax/node.ts'
import { type ConstSyntax, readConsts, readVars } from '../syntax/read-declarations.ts'

/** What a name inside a function stands for. */
export type Local =
  | { readonly kind: 'typed'; readonly type: GoType }
  /** The `result`th result of an expression. */
  | { readonly kind: 'value'; readonly value: Node; readonly result: number }
  | { readonly kind: 'const'; readonly syntax: ConstSyntax }
  /** Something whose type is not worked out, such as a loop's variable. */
  | { readonly kind: 'other' }

interface Declaration {
  readonly name: string
  readonly local: Local
  /** Where the statement ends: only what comes after it sees the name. */
  readonly end: number
}

/** A block's declarations by name, in order. */
type Scope = ReadonlyMap<string, readonly Declaration[]>

// By the identity of the block's node: a function with thousands of registrations must not be read thousands of times.
const scopes = new WeakMap<GoFile, Map<number, Scope>>()

/** The innermost declaration of `name` that `node` sees inside its function; undefined when it is none of the function's. */
export function findLocal(file: GoFile, node: Node, name: string): Local | undefined {
  let child = node
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    const { startIndex } = child
    const found = scopeOf(file, parent)
      ?.get(name)
      ?.findLast(({ end }) => end <= startIndex)
    if (found !== undefined) return found.local
    if (parent.type === 'function_declaration' || parent.type === 'method_declaration') return undefined
  }
  return undefined
}

const SCOPES: ReadonlySet<string> = new Set([
  'function_declaration',
  'method_declaration',
  'func_literal',
  'statement_list',
  'if_statement',
  'for_statement',
  'expression_switch_statement',
  'type_switch_statement',
  'communication_case',
])

function scopeOf(file: GoFile, node: Node): Scope | undefined {
  if (!SCOPES.has(node.type)) return undefined
  let known = scopes.get(file)
  if (known === undefined) scopes.set(file, (known = new Map()))
  let scope = known.get(node.id)
  if (scope === undefined) known.set(node.id, (scope = readScope(file, node)))
  return scope
}

function readScope(file: GoFile, node: Node): Scope {
  const isFunction = node.childForFieldName('parameters') !== null
  const declarations = isFunction
    ? readParameters(file, node)
    : partsOf(node).flatMap((part) => declarationsIn(file, part))
  const scope = new Map<string, Declaration[]>()
  for (const declaration of declarations)
    scope.set(declaration.name, [...(scope.get(declaration.name) ?? []), declaration])
  return scope
}

function readParameters(file: GoFile, func: Node): Declaration[] {
  const result = func.childForFieldName('result')
  const lists = [
    func.childForFieldName('receiver'),
    func.childForFieldName('parameters'),
    result?.type === 'parameter_list' ? result : null,
  ]
  return lists
    .flatMap((list) => readParams(file.path, list))
    .flatMap(({ name, type, variadic }) =>
      name === undefined ? [] : [{ name, local: variadic ? { kind: 'other' } : { kind: 'typed', type }, end: 0 }],
    )
}

function declarationsIn(file: GoFile, statement: Node): Declaration[] {
  const end = statement.endIndex
  switch (statement.type) {
    case 'short_var_declaration':
    case 'receive_statement':
    case 'range_clause':
      return assigned(statement)
    case 'for_clause':
    case 'labeled_statement':
      return partsOf(statement).flatMap((part) => declarationsIn(file, part))
    case 'var_declaration':
      return readVars(file.path, statement).map(({ name, type, value, result }) => {
        if (type !== undefined) return { name, local: { kind: 'typed', type }, end }
        return { name, local: value === undefined ? { kind: 'other' } : { kind: 'value', value, result }, end }
      })
    case 'const_declaration':
      return readConsts(file.path, statement).map((syntax) => ({
        name: syntax.name,
        local: { kind: 'const', syntax },
        end,
      }))
    default:
      return []
  }
}

function assigned(statement: Node): Declaration[] {
  const left = statement.childForFieldName('left')
  const right = statement.childForFieldName('right')
  const values = right === null || statement.type !== 'short_var_declaration' ? [] : partsOf(right)
  const end = statement.endIndex
  return (left === null ? [] : partsOf(left)).map(({ text: name }, index) => {
    const value = values.length === 1 ? values[0] : values[index]
    if (value === undefined) return { name, local: { kind: 'other' }, end }
    return { name, local: { kind: 'value', value, result: values.length === 1 ? index : 0 }, end }
  })
}
