import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaNode } from '../../model/schema-node.ts'
import type { Declared, GoFile } from '../project/go-package.ts'
import { type GoField, readFields } from '../syntax/read-fields.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'
import { libraryNode } from '../types/universe.ts'
import type { Lookup } from '../types/lookup.ts'
import { beyondReference, type TypeResolver } from '../types/resolve-type.ts'
import { type FieldTag, parseFieldTag } from './field-tag.ts'
import { refOf, type WireField } from './wire-struct.ts'

/** The tags of fields that an earlier reading has read. */
const tags = new WeakMap<GoField, FieldTag>()

/** Embedded structs within embedded structs: more than this, and one contains itself. */
const MAX_EMBEDDED = 32

interface Context {
  readonly file: GoFile
  readonly env: ReadonlyMap<string, SchemaNode>
  readonly from?: Declared<TypeSyntax>
  readonly embedded: readonly string[]
}

interface Embedded {
  readonly declared: Declared<TypeSyntax>
  readonly env: ReadonlyMap<string, SchemaNode>
}

/**
 * The fields of a struct as they travel, in order. The fields of an embedded struct stand in its place, with the ids of their own tags,
 * unless the embedded field has an id itself: then it is a field like any other, named as its type. The reference has no embedded structs.
 */
export function structFields(
  declared: Declared<TypeSyntax>,
  { resolver, lookup, diagnostics }: { resolver: TypeResolver; lookup: Lookup; diagnostics: Diagnostics },
): readonly WireField[] {
  const structName = declared.syntax.name
  const user = declared.file

  const fieldsOf = (syntax: TypeSyntax, context: Context): WireField[] => {
    if (syntax.type.kind !== 'struct') return []
    return readFields(context.file.path, syntax.type.node).flatMap((field) => {
      const tag = readTag(field)
      if (field.embedded && tag.id === undefined) return promoted(field, context)
      return field.name === '_' ? [] : ordinary(field, tag, context)
    })
  }

  const readTag = (field: GoField): FieldTag => {
    const tag = tags.get(field) ?? parseFieldTag(field.tag?.text)
    tags.set(field, tag)
    const { tag: place } = field
    for (const problem of tag.problems) {
      const hint = 'A tag reads `restream:",fID=3,notnil,valnotnil"`, with the options that are needed.'
      diagnostics.error('tag', place?.at ?? field.at, `the tag of ${structName}.${field.name}: ${problem}`, hint)
    }
    return tag
  }

  const ordinary = (field: GoField, tag: FieldTag, context: Context): WireField[] => {
    const { file, env, from, embedded } = context
    const owner = `${structName}.${field.name}`
    if (field.names > 1) {
      const message = `${owner} shares its line with others: the reference drops all but the first`
      diagnostics.warning('beyond-reference', field.at, message, 'Declare every field on a line of its own.')
    }
    const node = resolver.resolve(field.type, { file, env, owner, user })
    if (node === undefined) return []
    if (node.kind === 'param')
      beyondReference(diagnostics, field.at, `${owner} is a bare ${node.name}: the reference's generator fails on it`)
    const marked = withMarks(node, tag)
    const lost = (tag.notNil && !canBeNull(node)) || (tag.valueNotNil && !canBeNull(innerOf(node)))
    if (lost) {
      const message = `the tag of ${owner} says not nil of something that is never nil`
      diagnostics.warning('tag', field.tag?.at ?? field.at, message, 'Remove the option.')
    }
    return [{ field, tag, node: marked, embedded, ...(from === undefined ? {} : { from }) }]
  }

  const promoted = (field: GoField, context: Context): WireField[] => {
    const { at } = field
    const owner = `${structName}.${field.name}`
    const fail = (message: string, hint: string): WireField[] => {
      diagnostics.error('embedded', at, message, hint)
      return []
    }
    const asField = 'Give it a name, or an id of its own (`restream:",fID=1"`), so that it is a field like any other.'
    if (field.type.kind === 'pointer') return fail(`${owner} is embedded as a pointer, which may be nil`, asField)
    const target = embeddedStruct(field, context)
    if (target === 'foreign') return fail(`${owner} is embedded, and the sources of its package are not here`, asField)
    if (target === undefined) return fail(`${owner} is embedded and is no struct`, asField)
    if (context.embedded.length >= MAX_EMBEDDED) return fail(`${owner} embeds itself`, 'Embed a pointer-free struct.')
    if (context.embedded.length === 0) {
      const message = `${owner} is embedded: its fields take its place; the reference's generator fails on it`
      beyondReference(diagnostics, at, message)
    }
    return fieldsOf(target.declared.syntax, {
      file: target.declared.file,
      env: target.env,
      from: target.declared,
      embedded: [...context.embedded, refOf(target.declared)],
    })
  }

  const embeddedStruct = (field: GoField, { file, env }: Context, depth = 0): Embedded | 'foreign' | undefined => {
    const { type } = field
    if (type.kind !== 'name' || depth > MAX_EMBEDDED) return undefined
    const found = lookup.type(file, type.pkg, type.name)
    if (found.kind === 'foreign') return libraryNode(found.path, type.name) === undefined ? 'foreign' : undefined
    if (found.kind === 'missing') return undefined
    const { syntax, file: home } = found.declared
    const args = type.args.map((arg) =>
      resolver.resolve(arg, { file, env, owner: `${structName}.${field.name}`, user }),
    )
    const inner = new Map(syntax.typeParams.map((name, index) => [name, args[index] ?? ({ kind: 'any' } as const)]))
    if (syntax.type.kind === 'struct') return { declared: found.declared, env: inner }
    return embeddedStruct({ ...field, type: syntax.type }, { file: home, env: inner, embedded: [] }, depth + 1)
  }

  const env = new Map(declared.syntax.typeParams.map((name) => [name, { kind: 'param', name } as const]))
  return withoutClashes(fieldsOf(declared.syntax, { file: user, env, embedded: [] }), structName, diagnostics)
}

function withoutClashes(fields: readonly WireField[], structName: string, diagnostics: Diagnostics): WireField[] {
  const seen = new Map<string, WireField>()
  return fields.filter((wire) => {
    const other = seen.get(wire.field.name)
    seen.set(wire.field.name, wire)
    if (other === undefined) return true
    const { at, name } = wire.field
    const message = `${structName}.${name} is there twice, at ${other.field.at.file}:${other.field.at.line} too`
    diagnostics.error('field-clash', at, message, 'Rename one of them: on the wire both would stand side by side.')
    return false
  })
}

function canBeNull(node: SchemaNode | undefined): boolean {
  return node !== undefined && ['pointer', 'array', 'map', 'set'].includes(node.kind)
}

function innerOf(node: SchemaNode): SchemaNode | undefined {
  if (node.kind === 'pointer' || node.kind === 'array') return node.elem
  return node.kind === 'map' ? node.value : undefined
}

// `notnil` is about the field, `valnotnil` about what is in it (codegen.md §1).
function withMarks(node: SchemaNode, { notNil, valueNotNil }: FieldTag): SchemaNode {
  const outer = notNil ? { notNull: true as const } : {}
  switch (node.kind) {
    case 'pointer':
    case 'array':
      return { ...node, ...outer, elem: valueNotNil ? markNotNull(node.elem) : node.elem }
    case 'map':
      return { ...node, ...outer, value: valueNotNil ? markNotNull(node.value) : node.value }
    case 'set':
      return { ...node, ...outer }
    default:
      return node
  }
}

function markNotNull(node: SchemaNode): SchemaNode {
  return node.kind === 'pointer' || node.kind === 'array' || node.kind === 'map' || node.kind === 'set'
    ? { ...node, notNull: true }
    : node
}
