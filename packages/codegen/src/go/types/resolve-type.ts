import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import type { Declared, GoFile, GoPackage } from '../project/go-package.ts'
import type { GoType } from '../syntax/go-type.ts'
import { partsOf } from '../syntax/node.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'
import type { Lookup } from './lookup.ts'
import { libraryNode, universeNode, UNIVERSE_ONLY } from './universe.ts'

/** Where a type stands. */
export interface TypeScope {
  readonly file: GoFile
  /** What the type parameters in scope stand for. */
  readonly env?: ReadonlyMap<string, SchemaNode>
  /** What has the type, for messages: `Bed.Pots`. */
  readonly owner: string
  /** The file whose declaration needs the type: the one that file rules are about (codegen.md §1). */
  readonly user: GoFile
}

/** Turns types into nodes. Undefined after a diagnostic. */
export interface TypeResolver {
  readonly resolve: (type: GoType, scope: TypeScope) => SchemaNode | undefined
}

/** What a resolver needs, and whom it tells of the declarations that it meets. */
export interface ResolverOptions {
  readonly lookup: Lookup
  readonly evaluator: Evaluator
  readonly diagnostics: Diagnostics
  readonly onStruct: (declared: Declared<TypeSyntax>, at: SourcePlace, scope: TypeScope) => void
  readonly onNamed: (declared: Declared<TypeSyntax>) => void
}

/** Longer chains of declarations than any program has. */
const MAX_CHAIN = 100

/** The declarations that are being looked into: one that comes up again is declared as itself. Structs are not among them. */
type Active = readonly TypeSyntax[]

/** Something the reference's generator or its Go code cannot do (codegen.md §6). */
export function beyondReference(diagnostics: Diagnostics, at: SourcePlace, message: string): void {
  const hint =
    'It works between Rivulet hosts and pages; avoid it where the reference generator must read these sources too.'
  diagnostics.warning('beyond-reference', at, message, hint)
}

/** A resolver of Go types (codegen.md §2). */
export function createTypeResolver(options: ResolverOptions): TypeResolver {
  const { lookup, evaluator, diagnostics, onStruct, onNamed } = options

  const fail = (code: DiagnosticCode, at: SourcePlace, message: string, hint: string): undefined => {
    diagnostics.error(code, at, message, hint)
    return undefined
  }

  const resolve = (type: GoType, scope: TypeScope, active: Active): SchemaNode | undefined => {
    const { at } = type
    const { owner } = scope
    switch (type.kind) {
      case 'name':
        return resolveName(type, scope, active)
      case 'pointer': {
        const elem = resolve(type.elem, scope, active)
        return elem && { kind: 'pointer', elem }
      }
      case 'slice': {
        const elem = resolve(type.elem, scope, active)
        if (elem?.kind === 'uint8' && elem.named !== undefined)
          beyondReference(diagnostics, at, `${owner} is a list of ${elem.named}: the reference cannot encode it`)
        return elem && { kind: 'array', elem }
      }
      case 'array':
        return resolveArray(type, scope, active)
      case 'map':
        return resolveMap(type, scope, active)
      case 'interface':
        if (type.empty) return { kind: 'any' }
        return fail('unsupported-type', at, `${owner} is an interface with methods`, 'Use a struct, or `any`.')
      case 'struct':
        return fail('anonymous-struct', at, `${owner} has a struct without a name`, 'Declare it as a type of its own.')
      case 'func':
        return fail('unsupported-type', at, `${owner} is a function`, 'Functions cannot travel: leave the field out.')
      case 'channel':
        return fail('unsupported-type', at, `${owner} is a channel`, 'Channels cannot travel: leave the field out.')
      default:
        return fail(
          'unsupported-type',
          at,
          `${owner} has a type that cannot travel: ${type.text.slice(0, 60)}`,
          'Use another type.',
        )
    }
  }

  const resolveArray = (type: GoType & { kind: 'array' }, scope: TypeScope, active: Active): SchemaNode | undefined => {
    const length = type.length && evaluator.expression(type.length, { file: scope.file })
    const elem = resolve(type.elem, scope, active)
    if (length?.kind !== 'int' || length.value < 0n) {
      return fail('constant', type.at, `the length of ${scope.owner} is no constant`, 'Use a number, or a slice.')
    }
    beyondReference(diagnostics, type.at, `${scope.owner} is an array of fixed length: the reference cannot encode it`)
    return elem && { kind: 'array', notNull: true, elem, goType: `[${length.value}]` }
  }

  const resolveMap = (type: GoType & { kind: 'map' }, scope: TypeScope, active: Active): SchemaNode | undefined => {
    const key = resolve(type.key, scope, active)
    const { value } = type
    const isSet = value.kind === 'struct' && partsOf(partsOf(value.node)[0] ?? value.node).length === 0
    const elem = isSet ? undefined : resolve(value, scope, active)
    if (key === undefined) return undefined
    if (['pointer', 'array', 'map', 'set', 'struct', 'any', 'time'].includes(key.kind)) {
      const hint = 'Keys are strings, integers, floats and booleans, and types declared from them.'
      return fail('map-key', type.key.at, `${scope.owner} cannot have ${type.key.text} as its key`, hint)
    }
    if (!isSet) return elem && { kind: 'map', key, value: elem }
    beyondReference(diagnostics, type.at, `${scope.owner} is a set: the reference's generator fails on it`)
    return { kind: 'set', key }
  }

  const resolveName = (type: GoType & { kind: 'name' }, scope: TypeScope, active: Active): SchemaNode | undefined => {
    const { pkg, name, at, args } = type
    const { owner, file } = scope
    const param = pkg === undefined ? scope.env?.get(name) : undefined
    if (param !== undefined) return param
    const found = lookup.type(file, pkg, name)
    if (found.kind === 'declared') return resolveDeclared(type, found.declared, scope, active)
    if (found.kind === 'foreign') {
      const known = libraryNode(found.path, name)
      if (known === undefined) {
        const hint = `Put its module on disk with a "replace" by a folder in go.mod or in vendor, or declare a type of your own.`
        return fail(
          'foreign-package',
          at,
          `${owner}: the sources of "${found.path}" are not here, so ${type.text} is unknown`,
          hint,
        )
      }
      if (known.kind === 'int64')
        beyondReference(diagnostics, at, `${owner} is a ${pkg}.${name}: the reference has no TypeScript for it`)
      return known
    }
    const basic = pkg === undefined ? universeNode(name) : undefined
    if (basic !== undefined) return basic
    if (pkg === undefined && UNIVERSE_ONLY.has(name)) {
      return fail('unsupported-type', at, `${owner} is of type ${name}, which cannot travel`, 'Use another type.')
    }
    if (args.length > 0) for (const arg of args) resolve(arg, scope, active)
    return unknown(type, found.pkg, owner)
  }

  const unknown = (type: GoType & { kind: 'name' }, pkg: GoPackage | undefined, owner: string): undefined => {
    const { at, name, text } = type
    if (pkg === undefined)
      return fail('unknown-type', at, `${owner}: nothing imports "${type.pkg}"`, 'Add the import to the file.')
    const pattern = new RegExp(`^type\\s+${name}\\b|^\\s+${name}\\s+(struct|=)`, 'm')
    const excluded = pkg.excluded.find((candidate) => pattern.test(candidate.text))
    if (excluded !== undefined) {
      const message = `${owner}: ${text} is declared in ${excluded.path}, which is not read: ${excluded.why}`
      return fail('excluded-file', at, message, 'Move the declaration to a file without constraints.')
    }
    return fail('unknown-type', at, `${owner}: there is no type ${text}`, `Declare it in package ${pkg.name}.`)
  }

  const resolveDeclared = (
    type: GoType & { kind: 'name' },
    declared: Declared<TypeSyntax>,
    scope: TypeScope,
    active: Active,
  ): SchemaNode | undefined => {
    const { syntax, file } = declared
    const { at } = type
    const { owner } = scope
    const ref = `${file.pkg.name}.${syntax.name}`
    if (active.includes(syntax) || active.length > MAX_CHAIN)
      return fail('unknown-type', at, `${owner}: ${ref} is declared as itself`, 'Break the circle of declarations.')
    if (type.args.length !== syntax.typeParams.length) {
      const message = `${owner}: ${ref} takes ${syntax.typeParams.length} type arguments, not ${type.args.length}`
      return fail('type-arguments', at, message, 'Write all of them in brackets.')
    }
    const args = type.args.map((arg) => resolve(arg, scope, active))
    if (!args.every((arg) => arg !== undefined)) return undefined
    if (syntax.type.kind === 'struct' && !syntax.alias) {
      onStruct(declared, at, scope)
      if (args.length === 1)
        beyondReference(diagnostics, at, `${owner}: the reference needs two type parameters or more`)
      return args.length === 0 ? { kind: 'struct', ref } : { kind: 'struct', ref, args }
    }
    const env = new Map(syntax.typeParams.map((name, index) => [name, args[index] as SchemaNode]))
    const inner: TypeScope = { ...scope, file, env }
    const underlying = resolve(syntax.type, inner, [...active, syntax])
    if (underlying === undefined || syntax.alias) return underlying
    return resolveDefined(declared, underlying, at, owner)
  }

  const resolveDefined = (
    declared: Declared<TypeSyntax>,
    underlying: SchemaNode,
    at: SourcePlace,
    owner: string,
  ): SchemaNode | undefined => {
    const ref = `${declared.file.pkg.name}.${declared.syntax.name}`
    switch (underlying.kind) {
      case 'struct': {
        const hint = `Write "type ${declared.syntax.name} = …" for another name of the same struct, or declare its fields.`
        return fail('defined-from-struct', at, `${owner}: ${ref} is declared from the struct ${underlying.ref}`, hint)
      }
      case 'pointer':
      case 'array':
      case 'map':
      case 'set':
      case 'any':
      case 'time':
      case 'param':
        beyondReference(
          diagnostics,
          at,
          `${owner}: the reference has no code for ${ref}, which is no struct or primitive`,
        )
        return underlying
      default:
        if (underlying.kind === 'bool' || underlying.kind === 'float32' || underlying.kind === 'float64')
          beyondReference(diagnostics, at, `${owner}: the reference cannot encode ${ref}, a named ${underlying.kind}`)
        onNamed(declared)
        return { kind: underlying.kind, named: ref }
    }
  }

  return { resolve: (type, scope) => resolve(type, scope, []) }
}
