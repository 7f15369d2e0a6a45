import { parseStringLiteral } from '../constants/literals.ts'
import type { GoFile } from '../project/go-package.ts'
import { partsOf } from '../syntax/node.ts'
import { type GoField, readFields, readMaxField } from '../syntax/read-fields.ts'
import { findRestreamKey } from './field-tag.ts'
import type { FieldIds } from './field-ids.ts'
import type { WireStruct } from './wire-struct.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The source files with the assigned ids in their tags and MAXFIELD comments; everything else byte for byte as it was (run gofmt to align the tags).
 * Only files that change are there.
 */
export function editSources(
  structs: readonly { readonly struct: WireStruct; readonly ids: FieldIds }[],
): ReadonlyMap<string, string> {
  const edits = new Map<GoFile, Edit[]>()
  for (const { struct, ids } of structs) {
    const { file } = struct.declared
    const wanted = [...maxFieldEdits(struct, ids), ...tagEdits(struct, ids)]
    if (wanted.length > 0) edits.set(file, [...(edits.get(file) ?? []), ...wanted])
  }
  return new Map([...edits].map(([file, list]) => [file.path, applyEdits(file.text, list)]))
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let end = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(end, edit.start) + edit.text
    end = edit.end
  }
  return result + text.slice(end)
}

function maxFieldEdits({ declared: { syntax, file } }: WireStruct, { newMax }: FieldIds): Edit[] {
  if (newMax === undefined || syntax.type.kind !== 'struct') return []
  const { node } = syntax.type
  const comment = readMaxField(file.path, node)
  if (comment !== undefined) {
    const text = comment.node.text.replace(/\bMAXFIELD\(\d+\)/, `MAXFIELD(${newMax})`)
    return [{ start: comment.node.startIndex, end: comment.node.endIndex, text }]
  }
  const list = partsOf(node)[0]
  const first = list && partsOf(list)[0]
  if (list === undefined || first === undefined) return []
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n'
  const ownLine = first.startPosition.row > list.startPosition.row
  const indent = ownLine ? indentAt(file.text, first.startIndex) : `${indentAt(file.text, list.startIndex)}\t`
  const brace = list.startIndex + 1
  // A struct on one line must be opened up, because a line comment would swallow its fields.
  const text = `${eol}${indent}// MAXFIELD(${newMax})${ownLine ? '' : `${eol}${indent}`}`
  return [{ start: brace, end: brace, text }]
}

function indentAt(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf('\n', index - 1) + 1, index)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function tagEdits({ declared: { syntax, file } }: WireStruct, { assigned }: FieldIds): Edit[] {
  if (syntax.type.kind !== 'struct') return []
  const idOf = new Map(assigned.map(({ field, id }) => [field.name, id]))
  const done = new Set<number>()
  return readFields(file.path, syntax.type.node).flatMap((field) => {
    const { declaration } = field
    const id = idOf.get(field.name)
    if (id === undefined || done.has(declaration.id)) return []
    done.add(declaration.id)
    if (field.names > 1) return [splitEdit(file, field, idOf)]
    const { tag } = field
    if (tag === undefined) {
      const end = declaration.endIndex
      return [{ start: end, end, text: ` \`restream:",fID=${id}"\`` }]
    }
    return [{ start: tag.start, end: tag.end, text: withId(tag.text, id) }]
  })
}

// `X, Y int` cannot carry two ids: every name gets a line, with the type and the tag that they shared.
function splitEdit(file: GoFile, field: GoField, idOf: ReadonlyMap<string, number>): Edit {
  const { declaration } = field
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n'
  const names = declaration.childrenForFieldName('name').filter(({ isNamed }) => isNamed)
  const lines = names.map(({ text: name }) => {
    const id = idOf.get(name)
    const tag = id === undefined ? field.tag?.text : withId(field.tag?.text ?? '``', id)
    return [name, field.type.text, ...(tag === undefined ? [] : [tag])].join(' ')
  })
  const indent = indentAt(file.text, declaration.startIndex)
  return { start: declaration.startIndex, end: declaration.endIndex, text: lines.join(`${eol}${indent}`) }
}

function withId(tag: string, id: number): string {
  const quote = tag[0] as string
  const contents = parseStringLiteral(tag) ?? ''
  const key = findRestreamKey(contents)
  if (key === undefined) {
    const added = `restream:",fID=${id}"`
    return quoted(contents.trim() === '' ? added : `${contents} ${added}`, quote)
  }
  const comma = contents.indexOf(',', key.start)
  const at = comma === -1 || comma >= key.end ? key.end : comma
  const rest = contents.slice(at, key.end).replace(/^,$/, '')
  return quoted(`${contents.slice(0, at)},fID=${id}${rest}${contents.slice(key.end)}`, quote)
}

function quoted(contents: string, quote: string): string {
  return quote === '`' ? `\`${contents}\`` : JSON.stringify(contents)
}
