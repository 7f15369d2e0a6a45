import type { SourcePlace } from '../../model/schema-model.ts'
import { commentsAbove } from './comments.ts'
import { type GoParam, type GoSignature, type GoType, readParams, readSignature, readType } from './go-type.ts'
import { allOf, type Node, partsOf, placeOf } from './node.ts'

/** A type declaration. */
export interface TypeSyntax {
  readonly name: string
  readonly at: SourcePlace
  readonly typeParams: readonly string[]
  readonly type: GoType
  readonly alias: boolean
  /** The comment block directly above, of the group too for its first member. */
  readonly comments: readonly Node[]
  /** Of the whole declaration, where an annotation would be put above it. */
  readonly node: Node
}

/** One name of a constant declaration. */
export interface ConstSyntax {
  readonly name: string
  readonly at: SourcePlace
  /** Given, or repeated from above in its group. */
  readonly type?: GoType
  readonly value?: Node
  /** Its place in the group, which is `iota`. */
  readonly iota: number
  readonly grouped: boolean
  /** The declaration has one name and a value of its own. */
  readonly single: boolean
  readonly comments: readonly Node[]
}

/** One name of a variable declaration. */
export interface VarSyntax {
  readonly name: string
  readonly type?: GoType
  readonly value?: Node
  /** Which result of `value` it is, when that is one call with several. */
  readonly result: number
}

/** A function or method. */
export interface FuncSyntax {
  readonly name: string
  readonly at: SourcePlace
  readonly receiver?: GoParam
  readonly signature: GoSignature
  readonly body?: Node
  readonly node: Node
}

/** An import. `name` is absent unless the source gives one. */
interface ImportSyntax {
  readonly path: string
  readonly name?: string
}

/** What a file declares at its top level, in order. */
export interface FileSyntax {
  readonly packageName: string
  readonly imports: readonly ImportSyntax[]
  readonly types: readonly TypeSyntax[]
  readonly consts: readonly ConstSyntax[]
  readonly vars: readonly VarSyntax[]
  readonly funcs: readonly FuncSyntax[]
}

/** Reads a parsed file's declarations. */
export function readDeclarations(file: string, root: Node): FileSyntax {
  const imports: ImportSyntax[] = []
  const types: TypeSyntax[] = []
  const consts: ConstSyntax[] = []
  const vars: VarSyntax[] = []
  const funcs: FuncSyntax[] = []
  let packageName = ''
  for (const node of partsOf(root)) {
    if (node.type === 'package_clause') packageName = partsOf(node)[0]?.text ?? ''
    else if (node.type === 'import_declaration') imports.push(...node.descendantsOfType('import_spec').map(readImport))
    else if (node.type === 'type_declaration') types.push(...readTypeDeclaration(file, node))
    else if (node.type === 'const_declaration') consts.push(...readConsts(file, node))
    else if (node.type === 'var_declaration') vars.push(...readVars(file, node))
    else if (node.type === 'function_declaration' || node.type === 'method_declaration')
      funcs.push(readFunc(file, node))
  }
  return { packageName, imports, types, consts, vars, funcs }
}

function readImport(spec: Node): ImportSyntax {
  const path = spec.childForFieldName('path')?.text.slice(1, -1) ?? ''
  const name = spec.childForFieldName('name')?.text
  return name === undefined ? { path } : { path, name }
}

function readTypeDeclaration(file: string, declaration: Node): TypeSyntax[] {
  const specs = partsOf(declaration)
  return specs.flatMap((spec, index) => {
    const name = spec.childForFieldName('name')
    const type = spec.childForFieldName('type')
    if (name === null || type === null) return []
    const params = spec.childForFieldName('type_parameters')
    return [
      {
        name: name.text,
        at: placeOf(file, name),
        typeParams: params === null ? [] : partsOf(params).flatMap((p) => allOf(p, 'name').map((n) => n.text)),
        type: readType(file, type),
        alias: spec.type === 'type_alias',
        comments: commentsOfSpec(declaration, spec, index),
        node: spec.startPosition.row === declaration.startPosition.row ? declaration : spec,
      },
    ]
  })
}

// The comment above a group is its first member's, as the reference has it (codegen.md §1); inside, everybody has their own.
function commentsOfSpec(declaration: Node, spec: Node, index: number): Node[] {
  return [...(index === 0 ? commentsAbove(declaration) : []), ...commentsAbove(spec)]
}

/** The names of a `const` declaration, at the top level or in a function. */
export function readConsts(file: string, declaration: Node): ConstSyntax[] {
  const grouped = declaration.children.some((child) => child.type === '(')
  const above = commentsAbove(declaration)
  let type: GoType | undefined
  let values: Node[] = []
  return partsOf(declaration).flatMap((spec, iota) => {
    const typeNode = spec.childForFieldName('type')
    const valueNode = spec.childForFieldName('value')
    if (valueNode !== null) {
      values = partsOf(valueNode)
      type = typeNode === null ? undefined : readType(file, typeNode)
    }
    const names = allOf(spec, 'name')
    return names.map((name, index) => {
      const value = values[index]
      return {
        name: name.text,
        at: placeOf(file, name),
        ...(type === undefined ? {} : { type }),
        ...(value === undefined ? {} : { value }),
        iota,
        grouped,
        single: names.length === 1 && valueNode !== null,
        comments: [...above, ...commentsAbove(spec)],
      }
    })
  })
}

/** The names of a `var` declaration, at the top level or in a function. */
export function readVars(file: string, declaration: Node): VarSyntax[] {
  const specs = partsOf(declaration).flatMap((part) => (part.type === 'var_spec_list' ? partsOf(part) : [part]))
  return specs.flatMap((spec) => {
    const typeNode = spec.childForFieldName('type')
    const valueNode = spec.childForFieldName('value')
    const values = valueNode === null ? [] : partsOf(valueNode)
    return allOf(spec, 'name').map((name, index) => {
      const value = values.length === 1 ? values[0] : values[index]
      return {
        name: name.text,
        ...(typeNode === null ? {} : { type: readType(file, typeNode) }),
        ...(value === undefined ? {} : { value }),
        result: values.length === 1 ? index : 0,
      }
    })
  })
}

function readFunc(file: string, node: Node): FuncSyntax {
  const name = node.childForFieldName('name') as Node
  const [receiver] = readParams(file, node.childForFieldName('receiver'))
  const body = node.childForFieldName('body')
  return {
    name: name.text,
    at: placeOf(file, name),
    ...(receiver === undefined ? {} : { receiver }),
    signature: readSignature(file, node),
    ...(body === null ? {} : { body }),
    node,
  }
}
