import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { EnumMember, NamedType, SchemaEnum } from '../../model/schema-model.ts'
import type { PrimitiveKind } from '../../model/schema-node.ts'
import { constTypeOf } from '../types/const-type.ts'
import { type Constant, constValue } from '../constants/constant.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import type { GoFile } from '../project/go-package.ts'
import type { ConstSyntax, TypeSyntax } from '../syntax/read-declarations.ts'
import { docOf } from '../syntax/comments.ts'
import type { Lookup } from '../types/lookup.ts'

interface Tools {
  readonly lookup: Lookup
  readonly evaluator: Evaluator
  readonly diagnostics: Diagnostics
}

/** The named primitives of some files, in the order of their declarations: those with constants, and those without. */
export interface NamedPrimitives {
  readonly enums: readonly SchemaEnum[]
  readonly namedTypes: readonly NamedType[]
}

/** Finds `type X <basic>` declarations in `files` that `wanted` accepts, with the constants of their type (codegen.md §3). */
export function namedPrimitives(
  files: readonly GoFile[],
  wanted: (ref: string) => boolean,
  tools: Tools,
): NamedPrimitives {
  const enums: SchemaEnum[] = []
  const namedTypes: NamedType[] = []
  for (const file of files) {
    for (const syntax of file.types) {
      const ref = `${file.pkg.name}.${syntax.name}`
      const kind = syntax.alias || syntax.typeParams.length > 0 ? undefined : basicKind(file, syntax, tools.lookup)
      if (kind === undefined || !wanted(ref)) continue
      const doc = docOf(syntax.comments)
      const extra = { at: syntax.at, ...(doc === undefined ? {} : { doc }) }
      const members = membersOf(file, syntax, kind, tools)
      if (members.length > 0) enums.push({ name: syntax.name, kind, members, extra })
      else namedTypes.push({ name: syntax.name, kind, extra })
    }
  }
  return { enums, namedTypes }
}

function basicKind(file: GoFile, syntax: TypeSyntax, lookup: Lookup): PrimitiveKind | undefined {
  return constTypeOf(lookup, file, syntax.type)?.kind
}

function membersOf(file: GoFile, syntax: TypeSyntax, kind: PrimitiveKind, tools: Tools): EnumMember[] {
  const ref = `${file.pkg.name}.${syntax.name}`
  const found: { member: EnumMember; constant: Constant }[] = []
  const names = new Map<string, string>()
  for (const home of file.pkg.files) {
    for (const constant of home.consts) {
      if (constant.name === '_' || !mayHaveType(home, constant, ref, tools)) continue
      const value = tools.evaluator.declared({ syntax: constant, file: home })
      if (value === undefined) {
        const message = `the value of ${constant.name}, a ${syntax.name}, cannot be worked out, or is no ${kind}`
        tools.diagnostics.error(
          'constant',
          constant.at,
          message,
          'Use literals, iota and other constants of these packages.',
        )
      } else if (value.type?.ref === ref) {
        const name = memberName(constant.name, syntax.name)
        const other = names.get(name)
        if (other !== undefined) {
          const message = `${constant.name} and ${other} would both be ${syntax.name}.${name}`
          tools.diagnostics.error('enum-member', constant.at, message, 'Rename one of the constants.')
          continue
        }
        names.set(name, constant.name)
        const member = { name, goName: constant.name, value: constValue(value), extra: { at: constant.at } }
        found.push({ member, constant: value })
      }
    }
  }
  return found.toSorted((a, b) => compareValues(a.constant, b.constant)).map(({ member }) => member)
}

// A constant that says it has the type must be evaluated; of the others those matter that turn out to have it.
function mayHaveType(home: GoFile, constant: ConstSyntax, ref: string, { lookup, evaluator }: Tools): boolean {
  if (constant.type !== undefined) return constTypeOf(lookup, home, constant.type)?.ref === ref
  return evaluator.declared({ syntax: constant, file: home }) !== undefined
}

// `PhaseIdle` of `Phase` is `Idle`; what is left must still be a name (`E0` of `E` stays `E0`).
function memberName(constName: string, typeName: string): string {
  const rest = constName.startsWith(typeName) ? constName.slice(typeName.length) : ''
  return /^[\p{L}_]/u.test(rest) ? rest : constName
}

function compareValues(a: Constant, b: Constant): number {
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}
