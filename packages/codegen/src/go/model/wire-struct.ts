import type { Flavour, SchemaNode } from '../../model/schema-node.ts'
import type { Declared } from '../project/go-package.ts'
import type { GoField } from '../syntax/read-fields.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'
import type { FieldTag } from './field-tag.ts'

/** A field of a struct that travels, before ids are known to be complete. */
export interface WireField {
  readonly field: GoField
  readonly tag: FieldTag
  readonly node: SchemaNode
  /** The embedded struct whose declaration it is in, and the way there; its own fields have none. */
  readonly from?: Declared<TypeSyntax>
  readonly embedded: readonly string[]
}

/** A struct that travels. */
export interface WireStruct {
  readonly ref: string
  readonly declared: Declared<TypeSyntax>
  readonly flavour: Flavour
  readonly fields: readonly WireField[]
}

/** `package.Name` of a declaration. */
export function refOf({ syntax, file }: Declared<TypeSyntax>): string {
  return `${file.pkg.name}.${syntax.name}`
}
