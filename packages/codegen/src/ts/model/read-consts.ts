import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { ConstValue, SchemaConst, SourcePlace } from '../../model/schema-model.ts'
import type { Declaration, TsModule } from '../syntax/declarations.ts'
import type { ConstScope } from '../types/const-scope.ts'
import type { Constant } from '../types/constants.ts'
import { readAnnotations } from './annotations.ts'

const HINT =
  'Write a text, number, bigint or truth value, or an expression of such, of other constants and of members of enums.'

/**
 * The constants with `@restream.const` in the inputs. Others are left where they are: sources in TypeScript export things that no page and no Go device needs.
 *
 * What is annotated and is no constant, or none that can be worked out, is a diagnostic.
 */
export function readConsts(
  inputs: readonly TsModule[],
  scope: ConstScope,
  diagnostics: Diagnostics,
): readonly SchemaConst[] {
  return inputs.flatMap((module) =>
    [...module.values.values()].flatMap((declared) => {
      // The annotations of enums are those of types.
      if (declared.kind === 'enum') return []
      const { constant, flavour, store, calls, at } = readAnnotations(declared, diagnostics)
      if (at !== undefined && (flavour ?? store ?? calls) !== undefined) {
        const message = `${declared.name} is annotated as state or calls and is a value`
        diagnostics.error('annotation', at, message, 'Annotate an interface; for a value write @restream.const.')
        return []
      }
      return constant === undefined ? [] : (readConst(declared, constant, scope, diagnostics) ?? [])
    }),
  )
}

function readConst(
  declared: Declaration,
  tag: SourcePlace,
  scope: ConstScope,
  diagnostics: Diagnostics,
): SchemaConst | undefined {
  const { name, doc, module, start } = declared
  const at = module.file.placeAt(start)
  if (declared.kind !== 'const') {
    diagnostics.error('annotation', tag, `${name} has @restream.const and may change`, 'Declare it with `const`.')
    return undefined
  }
  const value = plain(scope.valueOf(declared))
  if (value === undefined) {
    diagnostics.error('constant', at, `the value of ${name} cannot be worked out`, HINT)
    return undefined
  }
  return { name, value, origin: 'const', extra: doc.text === undefined ? { at } : { at, doc: doc.text } }
}

// A bigint stays one, whatever its size: it is another type.
function plain(value: Constant | undefined): ConstValue | undefined {
  if (typeof value === 'bigint') return { $int: String(value) }
  // No language has a literal for what is no number, and none for half a surrogate pair.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined
  return typeof value === 'string' && /\p{Surrogate}/u.test(value) ? undefined : value
}
