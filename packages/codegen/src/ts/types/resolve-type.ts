import type { TSType, TSTypeReference, TSUnionType } from 'oxc-parser'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { PrimitiveKind, PrimitiveNode, SchemaNode } from '../../model/schema-node.ts'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import { type EnumShape, enumShape } from './enum-shape.ts'
import { BUILT_IN, COLLECTIONS, KEYWORDS, kindNode, REFUSED, WIRE } from './known-types.ts'
import { canBeNull, isKey, isPrimitive, nullable } from './node-facts.ts'
import { flatten, isStruct, nameParts, paramNames } from './type-syntax.ts'
import { unknownType } from './unknown-type.ts'

/** Where a type stands. */
interface TypeScope {
  readonly module: TsModule
  /** What the type parameters in scope stand for. */
  readonly env?: ReadonlyMap<string, SchemaNode>
  /** What has the type, for messages: `Board.cells`. */
  readonly owner: string
}

/** Turns types into nodes. Undefined after a diagnostic. */
export interface TypeResolver {
  readonly resolve: (type: TSType, scope: TypeScope) => SchemaNode | undefined
}

/** What a resolver needs, and whom it tells of the declarations that it meets. */
export interface ResolverOptions {
  readonly packageName: string
  readonly modules: Modules
  readonly diagnostics: Diagnostics
  readonly onStruct: (declared: Declaration) => void
  /** Says what kind the enum has; undefined after a diagnostic. */
  readonly onEnum: (declared: Declaration, shape: EnumShape) => PrimitiveKind | undefined
  readonly onNamed: (declared: Declaration, node: PrimitiveNode) => void
}

/** Aliases that are being looked into: one that comes up again is declared as itself. Interfaces are not among them. */
type Active = readonly Declaration[]

/** Types nested deeper than this are not read: nobody writes them. */
const MAX_DEPTH = 100

/** A resolver of TypeScript's types, from their syntax alone. */
export function createTypeResolver(options: ResolverOptions): TypeResolver {
  const { packageName, modules, diagnostics, onStruct, onEnum, onNamed } = options

  const fail = (code: DiagnosticCode, at: SourcePlace, message: string, hint: string): undefined => {
    diagnostics.error(code, at, message, hint)
    return undefined
  }

  const resolve = (type: TSType, scope: TypeScope, active: Active, depth: number): SchemaNode | undefined => {
    const { module, owner } = scope
    const at = module.file.placeAt(type.start)
    const down = (inner: TSType): SchemaNode | undefined => resolve(inner, scope, active, depth + 1)
    if (depth > MAX_DEPTH) return fail('unsupported-type', at, `${owner} is nested too deeply`, 'Name its parts.')
    if (Object.hasOwn(KEYWORDS, type.type)) return KEYWORDS[type.type]
    switch (type.type) {
      case 'TSParenthesizedType':
        return down(type.typeAnnotation)
      case 'TSArrayType':
        return listOf(down(type.elementType), at, owner)
      case 'TSTypeOperator': {
        if (type.operator === 'readonly') return down(type.typeAnnotation)
        const hint = 'Types are read without calculating them: name the values, type Name = "a" | "b".'
        return fail('unsupported-type', at, `${owner} is \`${type.operator}\` of something`, hint)
      }
      case 'TSUnionType':
        return resolveUnion(type, scope, active, depth)
      case 'TSLiteralType':
        return unnamedLiterals(at, owner, type.literal.type === 'Literal' && typeof type.literal.value === 'boolean')
      case 'TSTypeLiteral': {
        const hint = 'Declare it as an interface of its own.'
        return fail('anonymous-struct', at, `${owner} has a struct without a name`, hint)
      }
      case 'TSTypeReference':
        return resolveReference(type, scope, active, depth)
      default: {
        const [what, hint] = REFUSED[type.type] ?? ['a type that cannot travel', 'Use another type.']
        const code = type.type === 'TSUndefinedKeyword' ? 'undefined' : 'unsupported-type'
        return fail(code, at, `${owner} is ${what}`, hint)
      }
    }
  }

  const listOf = (elem: SchemaNode | undefined, at: SourcePlace, owner: string): SchemaNode | undefined => {
    if (elem?.kind !== 'uint8') return elem && { kind: 'array', notNull: true, elem }
    const hint = 'Write Uint8Array: the wire has raw bytes for it, and readers get those.'
    return fail('byte-list', at, `${owner} is a list of ${elem.named ?? 'uint8'}`, hint)
  }

  const unnamedLiterals = (at: SourcePlace, owner: string, bool: boolean): undefined => {
    const hint = bool ? 'Write `boolean`.' : 'Declare them: type Name = "a" | "b", and use the name here.'
    return fail('literal-type', at, `${owner} has values without a name`, hint)
  }

  const resolveUnion = (type: TSUnionType, scope: TypeScope, active: Active, depth: number): SchemaNode | undefined => {
    const { module, owner } = scope
    const parts = flatten(type)
    const absent = parts.find((part) => part.type === 'TSUndefinedKeyword' || part.type === 'TSVoidKeyword')
    if (absent !== undefined) {
      const at = module.file.placeAt(absent.start)
      return fail('undefined', at, `${owner} may be undefined`, 'The wire has null and no undefined: write `| null`.')
    }
    const rest = parts.filter((part) => part.type !== 'TSNullKeyword')
    const [first, ...others] = rest
    const at = module.file.placeAt(type.start)
    if (first === undefined) return fail('unsupported-type', at, `${owner} is always null`, 'Name the other type.')
    if (others.length > 0) {
      const literals = rest.every((part) => part.type === 'TSLiteralType')
      if (literals) {
        const bool = rest.every((part) => part.literal.type === 'Literal' && typeof part.literal.value === 'boolean')
        return unnamedLiterals(module.file.placeAt(first.start), owner, bool)
      }
      const hint = 'Only `| null` and literals make unions: declare an interface with a nullable field for each type.'
      return fail('unsupported-type', at, `${owner} is one of several types`, hint)
    }
    const node = resolve(first, scope, active, depth + 1)
    if (node?.kind === 'any') {
      const hint = 'Write `unknown` alone: it has null already.'
      return fail('unsupported-type', at, `${owner} is \`unknown | null\``, hint)
    }
    return node && nullable(node)
  }

  const argumentsOf = (type: TSTypeReference): readonly TSType[] => type.typeArguments?.params ?? []

  const resolveReference = (
    type: TSTypeReference,
    scope: TypeScope,
    active: Active,
    depth: number,
  ): SchemaNode | undefined => {
    const { module, owner } = scope
    const at = module.file.placeAt(type.start)
    const name = nameParts(type.typeName)
    const text = name.join('.')
    const param = name.length === 1 ? scope.env?.get(text) : undefined
    if (param !== undefined) return param
    const found = modules.type(module, name)
    switch (found.kind) {
      case 'declared':
        return resolveDeclared(type, found.declared, scope, active, depth)
      case 'no-file': {
        const hint = 'Correct the path. Only relative imports of .ts files are followed.'
        return fail('unknown-type', at, `${owner}: ${text} is imported from "${found.from}", which is not there`, hint)
      }
      case 'package': {
        if (found.from !== WIRE) {
          const hint = 'Sources of other packages are not read: declare the type in this project.'
          return fail('foreign-package', at, `${owner}: ${text} comes from the package "${found.from}"`, hint)
        }
        if (found.name === 'Box') return boxOf(type, scope, active, depth)
        const kind = kindNode(found.name)
        return kind ?? fail('unsupported-type', at, `${owner}: ${text} of ${WIRE} is no type of a field`, kindsHint)
      }
      default:
        return resolveBuiltIn(type, text, scope, active, depth)
    }
  }

  const boxOf = (type: TSTypeReference, scope: TypeScope, active: Active, depth: number): SchemaNode | undefined => {
    const [inner, ...more] = argumentsOf(type)
    const at = scope.module.file.placeAt(type.start)
    const node = inner === undefined ? undefined : resolve(inner, scope, active, depth + 1)
    if (inner !== undefined && node === undefined) return undefined
    if (node === undefined || more.length > 0 || !canBeNull(node)) {
      const hint = 'Write Box<T | null> | null for what may be absent, or present and null; else T | null.'
      return fail('type-arguments', at, `${scope.owner} is a Box of something that is never null`, hint)
    }
    return { kind: 'pointer', notNull: true, elem: node }
  }

  const resolveBuiltIn = (
    type: TSTypeReference,
    text: string,
    scope: TypeScope,
    active: Active,
    depth: number,
  ): SchemaNode | undefined => {
    const { owner } = scope
    const at = scope.module.file.placeAt(type.start)
    const args = argumentsOf(type)
    if (Object.hasOwn(BUILT_IN, text)) return BUILT_IN[text]
    const wanted = Object.hasOwn(COLLECTIONS, text) ? COLLECTIONS[text] : undefined
    if (wanted === undefined) {
      const [code, message, hint] = unknownType(text, owner)
      return fail(code, at, message, hint)
    }
    if (args.length !== wanted) {
      const message = `${owner}: ${text} takes ${wanted} type arguments, not ${args.length}`
      return fail('type-arguments', at, message, 'Write all of them.')
    }
    const nodes = args.map((arg) => resolve(arg, scope, active, depth + 1))
    const [first, second] = nodes
    if (first === undefined || !nodes.every((node) => node !== undefined)) return undefined
    if (text === 'Readonly') return first
    if (text.endsWith('Array')) return listOf(first, at, owner)
    if (!isKey(first)) {
      const hint = 'Keys are strings, numbers, bigints and booleans, and types declared from them.'
      const place = scope.module.file.placeAt((args[0] as TSType).start)
      return fail('map-key', place, `${owner} cannot have such a key`, hint)
    }
    if (second === undefined) return { kind: 'set', notNull: true, key: first }
    return { kind: 'map', notNull: true, key: first, value: second }
  }

  const resolveDeclared = (
    type: TSTypeReference,
    declared: Declaration,
    scope: TypeScope,
    active: Active,
    depth: number,
  ): SchemaNode | undefined => {
    const { owner } = scope
    const at = scope.module.file.placeAt(type.start)
    const { name, kind } = declared
    if (kind === 'other')
      return fail('unsupported-type', at, `${owner}: ${name} is ${declared.node}`, 'Declare an interface.')
    if (declared.kind === 'const') return undefined
    const ref = `${packageName}.${name}`
    const shape = declared.kind === 'interface' ? undefined : enumShape(declared)
    if (shape !== undefined) {
      const primitive = onEnum(declared, shape)
      return primitive && { kind: primitive, named: ref }
    }
    if (declared.kind === 'enum') return undefined
    const params = paramNames(declared.node.typeParameters)
    const given = argumentsOf(type)
    if (given.length !== params.length) {
      const message = `${owner}: ${name} takes ${params.length} type arguments, not ${given.length}`
      return fail('type-arguments', at, message, 'Write all of them, also those with a default.')
    }
    const args = given.map((arg) => resolve(arg, scope, active, depth + 1))
    if (!args.every((arg) => arg !== undefined)) return undefined
    if (isStruct(declared)) {
      for (const [index, arg] of args.entries()) {
        if (!canBeNull(arg)) continue
        const place = scope.module.file.placeAt((given[index] as TSType).start)
        const message = `${owner}: ${name} gets a type argument that may be null`
        return fail('type-arguments', place, message, `Write \`| null\` in the fields of ${name} instead.`)
      }
      onStruct(declared)
      return args.length === 0 ? { kind: 'struct', ref } : { kind: 'struct', ref, args }
    }
    if (declared.kind === 'interface') return undefined
    if (active.includes(declared)) {
      const hint = 'Put an interface in between: only those may contain themselves.'
      return fail('unknown-type', at, `${owner}: ${name} is declared as itself`, hint)
    }
    if (kindNode(name) !== undefined) {
      const hint = `Import ${name} from '${WIRE}', or give the alias another name.`
      return fail('duplicate-name', at, `${owner}: ${name} is declared here, and is a kind of number`, hint)
    }
    const env = new Map(params.map((param, index) => [param, args[index] as SchemaNode]))
    const inner = { module: declared.module, env, owner }
    const node = resolve(declared.node.typeAnnotation, inner, [...active, declared], depth + 1)
    if (node === undefined || !isPrimitive(node) || node.named !== undefined || params.length > 0) return node
    onNamed(declared, node)
    const { extra } = node
    return extra === undefined ? { kind: node.kind, named: ref } : { kind: node.kind, named: ref, extra }
  }

  return { resolve: (type, scope) => resolve(type, scope, [], 0) }
}

const kindsHint =
  'Its kinds of numbers are int8 to int64, uint8 to uint64, bigint64, biguint64, float32, float64, millis.'
