import type { SourcePlace } from '../../model/schema-model.ts'
import type { Declared, GoFile } from '../project/go-package.ts'
import type { ConstSyntax } from '../syntax/read-declarations.ts'
import { type Node, partsOf } from '../syntax/node.ts'
import { findLocal } from './local-scope.ts'

/** The methods that register something (codegen.md §1), and the least number of arguments without the generated ones. */
const METHODS = {
  RegisterRPCHandler: 3,
  RegisterFFRPCHandler: 3,
  RegisterEvent: 2,
  RegisterKeyedEvent: 3,
} as const

/** One call of a method that registers something. */
export interface RegistrationCall {
  readonly method: keyof typeof METHODS
  readonly node: Node
  /** What the method is called on. */
  readonly receiver: Node
  readonly args: readonly Node[]
  readonly file: GoFile
  readonly complete: boolean
}

/** A registration whose name is known. */
export interface Named extends RegistrationCall {
  readonly name: string
  /** The name without dots. */
  readonly typeName: string
  readonly at: SourcePlace
}

/** The calls in a file, in order, wherever they are: in functions, in function literals, in the values of variables. */
export function findRegistrations(file: GoFile): RegistrationCall[] {
  return file.root.descendantsOfType('call_expression').flatMap((node): RegistrationCall[] => {
    const callee = node.childForFieldName('function')
    const method = callee?.type === 'selector_expression' ? callee.childForFieldName('field')?.text : undefined
    if (method === undefined || !isMethod(method)) return []
    const list = node.childForFieldName('arguments')
    const args = list === null ? [] : partsOf(list)
    const receiver = callee?.childForFieldName('operand') as Node
    return [{ method, node, receiver, args, file, complete: args.length >= METHODS[method] }]
  })
}

function isMethod(name: string): name is keyof typeof METHODS {
  return Object.hasOwn(METHODS, name)
}

/** The constant that `name` is in the function around `node`; undefined when it is none of the function's. */
export function localConst(file: GoFile): (name: string, node: Node) => Declared<ConstSyntax> | undefined {
  return (name, node) => {
    const local = findLocal(file, node, name)
    return local?.kind === 'const' ? { syntax: local.syntax, file } : undefined
  }
}
