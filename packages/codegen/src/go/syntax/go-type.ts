import type { SourcePlace } from '../../model/schema-model.ts'
import { allOf, type Node, partsOf, placeOf } from './node.ts'

interface Written {
  readonly at: SourcePlace
  /** As the source has it. */
  readonly text: string
}

/** A type as the source has it, before any name in it is looked up. */
export type GoType = Written &
  (
    | { readonly kind: 'name'; readonly pkg?: string; readonly name: string; readonly args: readonly GoType[] }
    | { readonly kind: 'pointer' | 'slice'; readonly elem: GoType }
    | { readonly kind: 'array'; readonly length: Node | undefined; readonly elem: GoType }
    | { readonly kind: 'map'; readonly key: GoType; readonly value: GoType }
    | { readonly kind: 'struct'; readonly node: Node }
    | { readonly kind: 'func'; readonly signature: GoSignature }
    | { readonly kind: 'interface'; readonly empty: boolean; readonly node: Node }
    | { readonly kind: 'channel' | 'other' }
  )

/** A parameter or result. */
export interface GoParam {
  /** Undefined when it has no name. */
  readonly name?: string
  readonly type: GoType
  readonly variadic: boolean
  readonly at: SourcePlace
}

/** What a function takes and returns. */
export interface GoSignature {
  readonly params: readonly GoParam[]
  readonly results: readonly GoParam[]
}

/** Types within types: more than any program has, and few enough for everything that goes down into them. */
const MAX_DEPTH = 100

/** Reads a type, or an expression in the place of one (`NewEvent[*Tick]()` parses as an index expression). Too deep a type is of kind `other`. */
export function readType(file: string, node: Node, depth = 0): GoType {
  const written = { at: placeOf(file, node), text: node.text }
  if (depth > MAX_DEPTH) return { ...written, kind: 'other' }
  const type = (child: Node | null): GoType => readType(file, child as Node, depth + 1)
  switch (node.type) {
    case 'type_identifier':
    case 'identifier':
    case 'package_identifier':
    case 'field_identifier':
      return { ...written, kind: 'name', name: node.text, args: [] }
    case 'qualified_type':
      return {
        ...written,
        kind: 'name',
        pkg: node.childForFieldName('package')?.text ?? '',
        name: node.childForFieldName('name')?.text ?? '',
        args: [],
      }
    case 'selector_expression':
      return {
        ...written,
        kind: 'name',
        pkg: node.childForFieldName('operand')?.text ?? '',
        name: node.childForFieldName('field')?.text ?? '',
        args: [],
      }
    case 'generic_type': {
      const args = node.childForFieldName('type_arguments')
      return withArgs(written, type(node.childForFieldName('type')), args === null ? [] : partsOf(args).map(type))
    }
    case 'index_expression':
      return withArgs(written, type(node.childForFieldName('operand')), [type(node.childForFieldName('index'))])
    case 'pointer_type':
      return { ...written, kind: 'pointer', elem: type(partsOf(node)[0] ?? null) }
    case 'unary_expression': {
      const operand = node.childForFieldName('operand')
      if (node.childForFieldName('operator')?.text !== '*' || operand === null) return { ...written, kind: 'other' }
      return { ...written, kind: 'pointer', elem: type(operand) }
    }
    case 'slice_type':
      return { ...written, kind: 'slice', elem: type(node.childForFieldName('element')) }
    case 'array_type':
    case 'implicit_length_array_type':
      return {
        ...written,
        kind: 'array',
        length: node.childForFieldName('length') ?? undefined,
        elem: type(node.childForFieldName('element')),
      }
    case 'map_type':
      return {
        ...written,
        kind: 'map',
        key: type(node.childForFieldName('key')),
        value: type(node.childForFieldName('value')),
      }
    case 'struct_type':
      return { ...written, kind: 'struct', node }
    case 'function_type':
      return { ...written, kind: 'func', signature: readSignature(file, node, depth + 1) }
    case 'interface_type':
      return { ...written, kind: 'interface', empty: partsOf(node).length === 0, node }
    case 'channel_type':
      return { ...written, kind: 'channel' }
    case 'parenthesized_type':
    case 'parenthesized_expression':
    case 'type_elem':
    case 'type_constraint': {
      const [only, ...more] = partsOf(node)
      return only === undefined || more.length > 0 ? { ...written, kind: 'other' } : type(only)
    }
    default:
      return { ...written, kind: 'other' }
  }
}

function withArgs(written: Written, base: GoType, args: readonly GoType[]): GoType {
  return base.kind === 'name' ? { ...base, ...written, args } : { ...written, kind: 'other' }
}

/** The signature of a function type, literal, declaration or method. */
export function readSignature(file: string, node: Node, depth = 0): GoSignature {
  const result = node.childForFieldName('result')
  const results =
    result === null
      ? []
      : result.type === 'parameter_list'
        ? readParams(file, result, depth)
        : [{ type: readType(file, result, depth), variadic: false, at: placeOf(file, result) }]
  return { params: readParams(file, node.childForFieldName('parameters'), depth), results }
}

/** A parameter list, with grouped names (`x, y int`) one by one. */
export function readParams(file: string, list: Node | null, depth = 0): GoParam[] {
  if (list === null) return []
  return partsOf(list).flatMap((declaration) => {
    const typeNode = declaration.childForFieldName('type')
    if (typeNode === null) return []
    const shared = {
      type: readType(file, typeNode, depth),
      variadic: declaration.type === 'variadic_parameter_declaration',
    }
    const names = allOf(declaration, 'name')
    if (names.length === 0) return [{ ...shared, at: placeOf(file, declaration) }]
    return names.map((name) => ({ ...shared, name: name.text, at: placeOf(file, name) }))
  })
}
