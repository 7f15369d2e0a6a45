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

/** The innermost declaration of `name` that `node` sees inside its function; undefined when it is none of the function's. */
export function findLocal(file: GoFile, node: Node, name: string): Local | undefined {
  let child = node
  for (let parent = node.parent; parent !== null; child = parent, parent = parent.parent) {
    const found = inParent(file, parent, child, name)
    if (found !== undefined) return found
    if (parent.type === 'function_declaration' || parent.type === 'method_declaration') return undefined
  }
  return undefined
}

function inParent(file: GoFile, parent: Node, child: Node, name: string): Local | undefined {
  switch (parent.type) {
    case 'function_declaration':
    case 'method_declaration':
    case 'func_literal':
      return inParams(file, parent, name)
    case 'statement_list':
    case 'block':
      return partsOf(parent)
        .filter((statement) => statement.endIndex <= child.startIndex)
        .toReversed()
        .map((statement) => inStatement(file, statement, name))
        .find((local) => local !== undefined)
    case 'if_statement':
    case 'for_statement':
    case 'expression_switch_statement':
    case 'type_switch_statement':
    case 'expression_case':
    case 'communication_case':
      return partsOf(parent)
        .filter((part) => part.endIndex <= child.startIndex)
        .map((part) => inStatement(file, part, name))
        .find((local) => local !== undefined)
    default:
      return undefined
  }
}

function inParams(file: GoFile, func: Node, name: string): Local | undefined {
  const result = func.childForFieldName('result')
  const lists = [
    func.childForFieldName('receiver'),
    func.childForFieldName('parameters'),
    result?.type === 'parameter_list' ? result : null,
  ]
  const param = lists.flatMap((list) => readParams(file.path, list)).find((candidate) => candidate.name === name)
  if (param === undefined) return undefined
  return param.variadic ? { kind: 'other' } : { kind: 'typed', type: param.type }
}

function inStatement(file: GoFile, statement: Node, name: string): Local | undefined {
  switch (statement.type) {
    case 'short_var_declaration':
    case 'receive_statement':
    case 'range_clause':
      return inAssignment(statement, name)
    case 'for_clause': {
      const initializer = statement.childForFieldName('initializer')
      return initializer === null ? undefined : inStatement(file, initializer, name)
    }
    case 'var_declaration': {
      const found = readVars(file.path, statement).find((candidate) => candidate.name === name)
      if (found === undefined) return undefined
      if (found.type !== undefined) return { kind: 'typed', type: found.type }
      return found.value === undefined ? { kind: 'other' } : { kind: 'value', value: found.value, result: found.result }
    }
    case 'const_declaration': {
      const syntax = readConsts(file.path, statement).find((candidate) => candidate.name === name)
      return syntax === undefined ? undefined : { kind: 'const', syntax }
    }
    case 'labeled_statement':
      return partsOf(statement)
        .map((part) => inStatement(file, part, name))
        .find((local) => local !== undefined)
    default:
      return undefined
  }
}

function inAssignment(statement: Node, name: string): Local | undefined {
  const left = statement.childForFieldName('left')
  const right = statement.childForFieldName('right')
  const index = left === null ? -1 : partsOf(left).findIndex((target) => target.text === name)
  if (index === -1) return undefined
  if (statement.type !== 'short_var_declaration' || right === null) return { kind: 'other' }
  const values = partsOf(right)
  const value = values.length === 1 ? values[0] : values[index]
  return value === undefined ? { kind: 'other' } : { kind: 'value', value, result: values.length === 1 ? index : 0 }
}
