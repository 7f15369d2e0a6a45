import type { SourcePlace } from '../../model/schema-model.ts'
import { commentsAbove, docOf } from './comments.ts'
import { type GoType, readType } from './go-type.ts'
import { allOf, type Node, partsOf, placeOf } from './node.ts'

/** One name of a field declaration. */
export interface GoField {
  readonly name: string
  readonly at: SourcePlace
  readonly type: GoType
  /** Declared by its type alone. */
  readonly embedded: boolean
  /** The tag as the source has it, with its quotes. */
  readonly tag?: { readonly text: string; readonly at: SourcePlace; readonly start: number; readonly end: number }
  /** The declaration it is in, and how many names that has. */
  readonly declaration: Node
  readonly names: number
  readonly doc?: string
}

// By the struct's node, which is of one file: the tree may outlive a reading, and several ask for the fields of one struct.
const known = new WeakMap<Node, readonly GoField[]>()

/** The fields of a struct type, in order; `X, Y int` are two. */
export function readFields(file: string, struct: Node): readonly GoField[] {
  const fields = known.get(struct) ?? fieldsOf(file, struct)
  known.set(struct, fields)
  return fields
}

function fieldsOf(file: string, struct: Node): readonly GoField[] {
  const list = partsOf(struct)[0]
  if (list === undefined) return []
  return partsOf(list)
    .filter(({ type }) => type === 'field_declaration')
    .flatMap((declaration) => readField(file, declaration))
}

function readField(file: string, declaration: Node): GoField[] {
  const typeNode = declaration.childForFieldName('type')
  if (typeNode === null) return []
  const tagNode = declaration.childForFieldName('tag')
  const doc = docOf(commentsAbove(declaration))
  const names = allOf(declaration, 'name')
  const shared = {
    declaration,
    names: Math.max(1, names.length),
    ...(doc === undefined ? {} : { doc }),
    ...(tagNode === null
      ? {}
      : {
          tag: {
            text: tagNode.text,
            at: placeOf(file, tagNode),
            start: tagNode.startIndex,
            end: tagNode.endIndex,
          },
        }),
  }
  const type = readType(file, typeNode)
  if (names.length === 0) {
    const at = placeOf(file, declaration)
    const pointer = declaration.children.some((child) => child.type === '*')
    const embedded: GoType = pointer ? { kind: 'pointer', elem: type, at, text: `*${type.text}` } : type
    return [{ ...shared, name: type.kind === 'name' ? type.name : type.text, at, type: embedded, embedded: true }]
  }
  return names.map((name) => ({ ...shared, name: name.text, at: placeOf(file, name), type, embedded: false }))
}

/** The number in the struct's `MAXFIELD(n)` comment and where it is; undefined without one. */
export function readMaxField(file: string, struct: Node): MaxField | undefined {
  if (!knownMax.has(struct)) knownMax.set(struct, maxFieldOf(file, struct))
  return knownMax.get(struct)
}

/** A MAXFIELD comment. */
interface MaxField {
  readonly value: number
  readonly node: Node
  readonly at: SourcePlace
}

const knownMax = new WeakMap<Node, MaxField | undefined>()

function maxFieldOf(file: string, struct: Node): MaxField | undefined {
  const list = partsOf(struct)[0]
  for (const comment of list?.namedChildren.filter(({ type }) => type === 'comment') ?? []) {
    const match = /\bMAXFIELD\((\d+)\)/.exec(comment.text)
    if (match !== null) return { value: Number(match[1]), node: comment, at: placeOf(file, comment) }
  }
  return undefined
}
