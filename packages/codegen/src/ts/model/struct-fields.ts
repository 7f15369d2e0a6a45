import type { TSInterfaceHeritage, TSSignature, TSType } from 'oxc-parser'
import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SourcePlace } from '../../model/schema-model.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import { upperFirst } from '../../model/ts-name.ts'
import type { Modules } from '../project/load-modules.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import { docOf, type DocTag } from '../syntax/doc-tags.ts'
import type { TypeResolver } from '../types/resolve-type.ts'
import { isStruct, nameParts, paramNames } from '../types/type-syntax.ts'
import { tagOf } from './annotations.ts'

/** A field of a struct that travels, before it has an id. */
export interface TsField {
  readonly name: string
  readonly goName: string
  readonly node: SchemaNode
  readonly at: SourcePlace
  readonly typeText: string
  readonly doc: string | undefined
  readonly id: DocTag | undefined
  readonly was: DocTag | undefined
  /** The structs that it is inherited from, outermost first. */
  readonly inherited: readonly string[]
}

/** What reading fields needs. */
export interface FieldTools {
  readonly packageName: string
  readonly modules: Modules
  readonly resolver: TypeResolver
  readonly diagnostics: Diagnostics
}

interface Context {
  readonly module: TsModule
  readonly env: ReadonlyMap<string, SchemaNode>
  /** The structs on the way here, the one whose fields are read first. */
  readonly chain: readonly Declaration[]
}

/**
 * The fields of a struct as they travel, in order: those of the interfaces that it extends first, then its own; of an intersection one part
 * after another.
 */
export function structFields(declared: Declaration, tools: FieldTools): readonly TsField[] {
  const { packageName, modules, resolver, diagnostics } = tools
  const structName = declared.name

  const fieldsOf = (target: Declaration, context: Context): readonly TsField[] => {
    if (isRepeated(target, diagnostics)) return []
    if (target.kind === 'interface') {
      return [
        ...target.node.extends.flatMap((base) => inherit(base, context)),
        ...target.node.body.body.flatMap((member) => ownField(member, context)),
      ]
    }
    return target.kind === 'alias' ? partsOf(target.node.typeAnnotation, context) : []
  }

  // Of an alias: an object type, an intersection of such, or the name of another struct.
  const partsOf = (type: TSType, context: Context): readonly TsField[] => {
    switch (type.type) {
      case 'TSParenthesizedType':
        return partsOf(type.typeAnnotation, context)
      case 'TSIntersectionType':
        return type.types.flatMap((part) => partsOf(part, context))
      case 'TSTypeLiteral':
        return type.members.flatMap((member) => ownField(member, context))
      case 'TSTypeReference':
        return base(nameParts(type.typeName), type.typeArguments?.params ?? [], type.start, context)
      default: {
        const at = context.module.file.placeAt(type.start)
        const hint = 'Only object types and interfaces can be parts of it. For a kind of string, write a plain alias.'
        diagnostics.error('embedded', at, `a part of ${structName} has no fields`, hint)
        return []
      }
    }
  }

  const inherit = (heritage: TSInterfaceHeritage, context: Context): readonly TsField[] => {
    const name = pathOf(heritage.expression)
    if (name !== undefined) return base(name, heritage.typeArguments?.params ?? [], heritage.start, context)
    const at = context.module.file.placeAt(heritage.start)
    diagnostics.error('embedded', at, `${structName} extends an expression`, 'Extend an interface by its name.')
    return []
  }

  const base = (
    name: readonly string[],
    args: readonly TSType[],
    start: number,
    context: Context,
  ): readonly TsField[] => {
    const { module, env, chain } = context
    const at = module.file.placeAt(start)
    const text = name.join('.')
    const fail = (message: string, hint: string): readonly TsField[] => {
      diagnostics.error('embedded', at, message, hint)
      return []
    }
    const found = modules.type(module, name)
    if (found.kind !== 'declared' || !isStruct(found.declared)) {
      const known = found.kind === 'declared'
      return fail(
        `${structName}: ${text} ${known ? 'has no fields' : 'is not declared here'}`,
        'Use interfaces of this project: their fields take the place of the name.',
      )
    }
    const target = found.declared
    if (chain.includes(target)) return fail(`${structName} extends itself`, 'Break the circle.')
    const params = target.kind === 'interface' || target.kind === 'alias' ? paramNames(target.node.typeParameters) : []
    if (params.length !== args.length) {
      const message = `${structName}: ${text} takes ${params.length} type arguments, not ${args.length}`
      diagnostics.error('type-arguments', at, message, 'Write all of them, also those with a default.')
      return []
    }
    const nodes = args.map((arg) => resolver.resolve(arg, { module, env, owner: `${structName} (${text})` }))
    if (!nodes.every((node) => node !== undefined)) return []
    return fieldsOf(target, {
      module: target.module,
      env: new Map(params.map((param, index) => [param, nodes[index] as SchemaNode])),
      chain: [...chain, target],
    })
  }

  const ownField = (member: TSSignature, { module, env, chain }: Context): readonly TsField[] => {
    const { file } = module
    const at = file.placeAt(member.start)
    if (member.type !== 'TSPropertySignature') {
      const [what, hint] = OTHERS[member.type] ?? ['something that is no field', 'Remove it.']
      diagnostics.error('unsupported-type', at, `${structName} has ${what}`, hint)
      return []
    }
    const { key, computed, optional, typeAnnotation } = member
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
    const owner = `${structName}.${name}`
    if (computed || !/^\p{L}[\p{L}\p{Nd}_]*$/u.test(name)) {
      const hint = 'Fields are named with letters, digits and _, and start with a letter.'
      diagnostics.error('field-name', at, `${structName} has a field that cannot have its name on the wire`, hint)
      return []
    }
    if (optional) {
      const hint = 'Remove the question mark, and write `| null` if the field may be absent.'
      diagnostics.error('undefined', at, `${owner} is optional`, hint)
      return []
    }
    if (typeAnnotation === null) {
      diagnostics.error('unknown-type', at, `${owner} has no type`, 'Write its type.')
      return []
    }
    const doc = docOf(file, member.start)
    const goName = hostName(name, tagOf(doc, 'name'), owner)
    const type = typeAnnotation.typeAnnotation
    const node = resolver.resolve(type, { module, env, owner })
    if (node === undefined || goName === undefined) return []
    const inherited = chain.slice(1).map((struct) => `${packageName}.${struct.name}`)
    const typeText = file.text.slice(type.start, type.end)
    const found = { name, goName, node, at, typeText, inherited, doc: doc.text }
    return [{ ...found, id: tagOf(doc, 'id'), was: tagOf(doc, 'was') }]
  }

  const hostName = (name: string, tag: DocTag | undefined, owner: string): string | undefined => {
    if (tag === undefined) return upperFirst(name)
    if (/^\p{Lu}[\p{L}\p{Nd}_]*$/u.test(tag.value)) return tag.value
    const hint = 'Hosts name fields with a capital first: @name URLPath.'
    diagnostics.error('field-name', tag.at, `"${tag.value}" cannot be the host's name of ${owner}`, hint)
    return undefined
  }

  const env = new Map(paramsOf(declared).map((name) => [name, { kind: 'param', name } as const]))
  return withoutClashes(
    fieldsOf(declared, { module: declared.module, env, chain: [declared] }),
    structName,
    diagnostics,
  )
}

/** Whether its file declares the name more than once, so that parts of it would be lost; that is then a diagnostic. */
export function isRepeated({ module, name, start }: Declaration, diagnostics: Diagnostics): boolean {
  if (!module.repeated.some((earlier) => earlier.name === name)) return false
  const message = `${name} is declared more than once in its file`
  diagnostics.error('duplicate-name', module.file.placeAt(start), message, 'Write all of it into one declaration.')
  return true
}

/** The type parameters of a struct. */
export function paramsOf(declared: Declaration): readonly string[] {
  return declared.kind === 'interface' || declared.kind === 'alias' ? paramNames(declared.node.typeParameters) : []
}

const OTHERS: Readonly<Record<string, readonly [string, string]>> = {
  TSMethodSignature: ['a method', 'Declare calls in an interface with @restream.rpc; state has only fields.'],
  TSIndexSignature: ['an index signature', 'Write a field of type ReadonlyMap<K, V>.'],
  TSCallSignatureDeclaration: ['a call signature', 'Functions cannot travel: remove it.'],
  TSConstructSignatureDeclaration: ['a constructor', 'Constructors cannot travel: remove it.'],
}

function pathOf(expression: TSInterfaceHeritage['expression']): readonly string[] | undefined {
  if (expression.type === 'Identifier') return [expression.name]
  if (expression.type !== 'MemberExpression' || expression.property.type !== 'Identifier') return undefined
  const path = pathOf(expression.object)
  return path && [...path, expression.property.name]
}

// Hosts and subscriptions tell fields apart by the host's name, pages by the property's.
function withoutClashes(fields: readonly TsField[], structName: string, diagnostics: Diagnostics): readonly TsField[] {
  const seen = new Map<string, TsField>()
  return fields.filter((field) => {
    const other = seen.get(`.${field.name}`) ?? seen.get(field.goName)
    seen.set(`.${field.name}`, field).set(field.goName, field)
    if (other === undefined) return true
    const { file, line } = other.at
    const message =
      other.name === field.name
        ? `${structName}.${field.name} is there twice, at ${file}:${line} too`
        : `${structName}.${field.name} and ${other.name} are both ${field.goName} to the host`
    const hint = 'Rename one of them. An interface cannot declare again what it inherits.'
    diagnostics.error('field-clash', field.at, message, hint)
    return false
  })
}
