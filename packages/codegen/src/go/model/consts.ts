import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaConst } from '../../model/schema-model.ts'
import { type Constant, constValue } from '../constants/constant.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import type { GoFile } from '../project/go-package.ts'
import { docOf } from '../syntax/comments.ts'
import type { ConstSyntax } from '../syntax/read-declarations.ts'
import { readAnnotations } from './annotations.ts'

/**
 * The constants of `files` for the client, and the names of those with `@restream.Ignore`.
 *
 * As the reference has it (codegen.md §3, §8): every constant with a declaration of its own, and the first of a group, unless its value is an
 * expression, of which a minus sign makes one. The reference leaves out the rest; here the other exported constants of a group follow, unless
 * they are members of an enum, and a constant with its own declaration may be any expression.
 */
export function constsOf(
  files: readonly GoFile[],
  isEnumMember: (goName: string) => boolean,
  evaluator: Evaluator,
  diagnostics: Diagnostics,
): { readonly consts: readonly SchemaConst[]; readonly ignored: readonly string[] } {
  const consts: SchemaConst[] = []
  const ignored: string[] = []
  for (const file of files) {
    for (const syntax of file.consts.filter(({ name }) => name !== '_')) {
      if (readAnnotations(file.path, syntax.comments, diagnostics).ignored) {
        ignored.push(syntax.name)
        continue
      }
      const constant = evaluator.declared({ syntax, file })
      const origin = constant === undefined ? undefined : originOf(syntax, isEnumMember)
      if (constant === undefined || origin === undefined) continue
      const doc = docOf(syntax.comments)
      const extra = { at: syntax.at, ...(doc === undefined ? {} : { doc }) }
      consts.push({ name: syntax.name, value: valueOf(syntax, constant), origin, extra })
    }
  }
  return { consts, ignored: ignored.toSorted((a, b) => (a < b ? -1 : 1)) }
}

function originOf(
  syntax: ConstSyntax,
  isEnumMember: (goName: string) => boolean,
): 'const' | 'firstOfGroup' | undefined {
  if (!syntax.grouped) return 'const'
  const plain =
    syntax.value !== undefined && !/^(unary|binary|parenthesized|call|type_conversion)_/.test(syntax.value.type)
  if (syntax.iota === 0 && syntax.single && plain) return 'firstOfGroup'
  return !isEnumMember(syntax.name) && /^\p{Lu}/u.test(syntax.name) ? 'const' : undefined
}

// A character is a text for the client, as the reference has it, unless it was given a type.
function valueOf({ value }: ConstSyntax, constant: Constant): SchemaConst['value'] {
  const isRune = constant.kind === 'int' && constant.type === undefined && value?.type === 'rune_literal'
  return isRune ? String.fromCodePoint(Number(constant.value)) : constValue(constant)
}
