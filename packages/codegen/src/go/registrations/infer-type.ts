import type { Declared, GoFile } from '../project/go-package.ts'
import { type GoSignature, type GoType, readSignature, readType } from '../syntax/go-type.ts'
import { type Node, partsOf } from '../syntax/node.ts'
import { readFields } from '../syntax/read-fields.ts'
import type { FuncSyntax, TypeSyntax, VarSyntax } from '../syntax/read-declarations.ts'
import type { Lookup } from '../types/lookup.ts'
import { findLocal } from './local-scope.ts'

/** Longer chains of variables, fields and calls than any program has. */
const MAX_DEPTH = 64

/** A type and the scope in which its names are to be looked up. */
export interface PlacedType {
  readonly type: GoType
  readonly file: GoFile
  /** What the type parameters in it stand for. */
  readonly env?: ReadonlyMap<string, PlacedType>
}

/** Works out the types of expressions in function bodies: no more of Go's rules than handlers and events need. */
export interface TypeInference {
  /** The type of an expression in `file`; undefined when it cannot be worked out. */
  readonly typeOf: (node: Node, file: GoFile) => PlacedType | undefined
  /** A named type, followed to what it is declared as; pointers stay. */
  readonly underlying: (placed: PlacedType) => PlacedType | undefined
}

/** Inference over the declarations that `lookup` finds. */
export function createInference(lookup: Lookup): TypeInference {
  const declarationOf = ({ type, file }: PlacedType): Declared<TypeSyntax> | undefined => {
    if (type.kind !== 'name') return undefined
    const found = lookup.type(file, type.pkg, type.name)
    return found.kind === 'declared' ? found.declared : undefined
  }

  // One step along a chain of declarations, with the type arguments bound.
  const step = (placed: PlacedType): PlacedType | undefined => {
    const { type, env } = placed
    const bound = type.kind === 'name' && type.pkg === undefined ? env?.get(type.name) : undefined
    if (bound !== undefined) return bound
    const declared = declarationOf(placed)
    if (declared === undefined || type.kind !== 'name') return undefined
    const args = declared.syntax.typeParams.flatMap((name, index): [string, PlacedType][] => {
      const arg = type.args[index]
      return arg === undefined ? [] : [[name, { ...placed, type: arg }]]
    })
    return { type: declared.syntax.type, file: declared.file, env: new Map(args) }
  }

  const underlying = (placed: PlacedType): PlacedType | undefined => {
    let current: PlacedType | undefined = placed
    for (let depth = 0; current?.type.kind === 'name' && depth < MAX_DEPTH; depth += 1) current = step(current)
    return current?.type.kind === 'name' ? undefined : current
  }

  const funcType = ({ syntax, file }: Declared<FuncSyntax>, env?: PlacedType['env']): PlacedType => ({
    type: { kind: 'func', signature: syntax.signature, at: syntax.at, text: 'func' },
    file,
    ...(env === undefined ? {} : { env }),
  })

  const ofVariable = ({ syntax, file }: Declared<VarSyntax>, depth: number): PlacedType | undefined => {
    if (syntax.type !== undefined) return { type: syntax.type, file }
    return syntax.value === undefined ? undefined : infer(syntax.value, file, depth + 1, syntax.result)
  }

  const ofPackageName = (
    file: GoFile,
    pkg: string | undefined,
    name: string,
    depth: number,
  ): PlacedType | undefined => {
    const variable = lookup.variable(file, pkg, name)
    if (variable.kind === 'declared') return ofVariable(variable.declared, depth)
    const func = lookup.func(file, pkg, name)
    return func.kind === 'declared' ? funcType(func.declared) : undefined
  }

  const ofName = (node: Node, file: GoFile, depth: number): PlacedType | undefined => {
    const local = findLocal(file, node, node.text)
    if (local === undefined) return ofPackageName(file, undefined, node.text, depth)
    if (local.kind === 'typed') return { type: local.type, file }
    return local.kind === 'value' ? infer(local.value, file, depth + 1, local.result) : undefined
  }

  const member = (owner: PlacedType, name: string, depth: number, seen = new Set<number>()): PlacedType | undefined => {
    if (depth > MAX_DEPTH) return undefined
    const { type } = owner
    if (type.kind === 'pointer') return member({ ...owner, type: type.elem }, name, depth + 1, seen)
    const declared = declarationOf(owner)
    const next = type.kind === 'name' ? step(owner) : undefined
    const method = declared?.file.pkg.methods.get(`${declared.syntax.name}.${name}`)
    if (method !== undefined) return funcType(method, next?.env)
    if (next !== undefined) return member(next, name, depth + 1, seen)
    if (type.kind === 'interface') return interfaceMethod(owner, type.node, name)
    // A struct that embeds a pointer to itself is looked through once.
    if (type.kind !== 'struct' || seen.has(type.node.id)) return undefined
    seen.add(type.node.id)
    const fields = readFields(owner.file.path, type.node)
    const field = fields.find((candidate) => candidate.name === name)
    if (field !== undefined) return { ...owner, type: field.type }
    return fields
      .filter(({ embedded }) => embedded)
      .map((embedded) => member({ ...owner, type: embedded.type }, name, depth + 1, seen))
      .find((found) => found !== undefined)
  }

  const call = (node: Node, file: GoFile, depth: number, result: number): PlacedType | undefined => {
    const callee = node.childForFieldName('function')
    const list = node.childForFieldName('arguments')
    if (callee === null) return undefined
    const [first] = list === null ? [] : partsOf(list)
    if (callee.text === 'new' && first !== undefined) return pointerTo({ type: readType(file.path, first), file })
    const made = newEvent(node, callee, file)
    if (made !== undefined) return made
    const func = infer(callee, file, depth + 1, 0)
    const target = func === undefined ? undefined : (underlying(func) ?? func)
    if (func !== undefined && target?.type.kind === 'func') {
      const type = target.type.signature.results[result]?.type
      return type === undefined ? undefined : { ...target, type }
    }
    // Not a function: a conversion.
    const type = readType(file.path, callee)
    const named = type.kind === 'pointer' ? type.elem : type
    return declarationOf({ type: named, file }) === undefined ? undefined : { type, file }
  }

  const infer = (node: Node, file: GoFile, depth: number, result: number): PlacedType | undefined => {
    if (depth > MAX_DEPTH) return undefined
    const below = (field: string): PlacedType | undefined => {
      const child = node.childForFieldName(field)
      return child === null ? undefined : infer(child, file, depth + 1, 0)
    }
    switch (node.type) {
      case 'identifier':
        return ofName(node, file, depth)
      case 'selector_expression': {
        const operand = node.childForFieldName('operand') as Node
        const name = node.childForFieldName('field')?.text ?? ''
        if (operand.type === 'identifier' && findLocal(file, operand, operand.text) === undefined) {
          if (lookup.importOf(file, operand.text) !== undefined) return ofPackageName(file, operand.text, name, depth)
        }
        const owner = infer(operand, file, depth + 1, 0)
        return owner && member(owner, name, depth + 1)
      }
      case 'unary_expression': {
        const operator = node.childForFieldName('operator')?.text
        const operand = below('operand')
        if (operator === '&') return operand && pointerTo(operand)
        return operator === '*' && operand?.type.kind === 'pointer'
          ? { ...operand, type: operand.type.elem }
          : undefined
      }
      case 'parenthesized_expression': {
        const [inner] = partsOf(node)
        return inner === undefined ? undefined : infer(inner, file, depth + 1, result)
      }
      case 'composite_literal':
      case 'type_conversion_expression':
      case 'type_assertion_expression': {
        const type = node.childForFieldName('type')
        return type === null ? undefined : { type: readType(file.path, type), file }
      }
      case 'func_literal':
        return { type: func(readSignature(file.path, node), readType(file.path, node)), file }
      case 'index_expression': {
        const owner = below('operand')
        const list = owner && underlying(owner)
        if (list?.type.kind === 'map') return { ...list, type: list.type.value }
        return list?.type.kind === 'slice' || list?.type.kind === 'array'
          ? { ...list, type: list.type.elem }
          : undefined
      }
      case 'call_expression':
        return call(node, file, depth, result)
      default:
        return undefined
    }
  }

  return { typeOf: (node, file) => infer(node, file, 0, 0), underlying }
}

const func = (signature: GoSignature, written: GoType): GoType => ({
  kind: 'func',
  signature,
  at: written.at,
  text: written.text,
})

function pointerTo(placed: PlacedType): PlacedType {
  const { type } = placed
  return { ...placed, type: { kind: 'pointer', elem: type, at: type.at, text: `*${type.text}` } }
}

// The events' package is seldom on disk, so what its constructor returns is known here.
function newEvent(node: Node, callee: Node, file: GoFile): PlacedType | undefined {
  const list = node.childForFieldName('type_arguments')
  const name = callee.type === 'index_expression' ? callee.childForFieldName('operand') : callee
  const arg = callee.type === 'index_expression' ? callee.childForFieldName('index') : list && partsOf(list)[0]
  if (!name?.text.endsWith('NewEvent') || arg === null || arg === undefined) return undefined
  const base = readType(file.path, name)
  if (base.kind !== 'name') return undefined
  return { type: { ...base, name: 'Event', args: [readType(file.path, arg)] }, file }
}

function interfaceMethod(owner: PlacedType, node: Node, name: string): PlacedType | undefined {
  const method = partsOf(node).find((part) => part.childForFieldName('name')?.text === name)
  if (method === undefined) return undefined
  const { path } = owner.file
  return { ...owner, type: func(readSignature(path, method), readType(path, method)) }
}
