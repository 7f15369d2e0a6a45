import type { SourcePlace } from '../../model/schema-model.ts'
import type { Declaration } from '../syntax/declarations.ts'

/** Where a declaration's name stands. */
export function placeOf({ module, start }: Declaration): SourcePlace {
  return module.file.placeAt(start)
}

/** A place in a message: file and line. */
export const placeText = (at: SourcePlace | undefined): string => (at === undefined ? '?' : `${at.file}:${at.line}`)

/** What is known of a declaration beyond the wire. */
export function extraOf(declared: Declaration): { readonly at: SourcePlace; readonly doc?: string } {
  const { text } = declared.doc
  return text === undefined ? { at: placeOf(declared) } : { at: placeOf(declared), doc: text }
}
