import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { SchemaStore } from '../../model/schema-model.ts'
import type { Evaluator } from '../constants/evaluate.ts'
import type { Declared, GoFile, GoPackage } from '../project/go-package.ts'
import { levelOf } from '../registrations/access-level.ts'
import { docOf } from '../syntax/comments.ts'
import type { GoType } from '../syntax/go-type.ts'
import { partsOf, placeOf } from '../syntax/node.ts'
import { readFields } from '../syntax/read-fields.ts'
import type { TypeSyntax } from '../syntax/read-declarations.ts'
import type { Lookup } from '../types/lookup.ts'
import { readAnnotations, type StoreAnnotation } from './annotations.ts'
import { refOf } from './wire-struct.ts'

interface Tools {
  readonly lookup: Lookup
  readonly evaluator: Evaluator
  readonly diagnostics: Diagnostics
  /** All packages of the project, for states that live elsewhere. */
  readonly packages: readonly GoPackage[]
  /** A struct turned out to be a store's state, so it travels with deltas. */
  readonly onState: (state: Declared<TypeSyntax>) => void
}

/** The stores that `files` annotate, in the order of their declarations (codegen.md §1, §4). */
export function storesOf(files: readonly GoFile[], tools: Tools): readonly SchemaStore[] {
  return files.flatMap((file) =>
    file.types.flatMap((syntax) => {
      const { store } = readAnnotations(file.path, syntax.comments, tools.diagnostics)
      if (store === undefined) return []
      const found = readStore({ syntax, file }, store, tools)
      return found === undefined ? [] : [found]
    }),
  )
}

function readStore(declared: Declared<TypeSyntax>, annotation: StoreAnnotation, tools: Tools): SchemaStore | undefined {
  const { syntax } = declared
  if (syntax.type.kind !== 'struct') {
    const message = `${syntax.name} has @restream.store and is no struct`
    tools.diagnostics.error('annotation', syntax.at, message, 'Annotate the struct that holds the store.')
    return undefined
  }
  const state = stateOf(declared, tools)
  const minimumAccess = minimumAccessOf(declared, tools)
  if (state === undefined || minimumAccess === undefined) return undefined
  checkAnnotated(state, syntax.name, tools)
  tools.onState(state)
  const doc = docOf(syntax.comments)
  return {
    goStruct: syntax.name,
    name: annotation.name,
    type: annotation.type,
    minimumAccess,
    state: refOf(state),
    extra: { at: syntax.at, ...(doc === undefined ? {} : { doc }) },
  }
}

function checkAnnotated({ syntax, file }: Declared<TypeSyntax>, storeName: string, { diagnostics }: Tools): void {
  if (readAnnotations(file.path, syntax.comments, diagnostics).flavour === 'partial') return
  const message = `${syntax.name}, the state of ${storeName}, has no @restream.partials`
  diagnostics.warning(
    'store-state',
    syntax.at,
    message,
    'Write it above the struct; the reference generator will, too.',
  )
}

// The type argument of `storeData`, or else `<Store>State`, here or in one other package.
function stateOf({ syntax, file }: Declared<TypeSyntax>, tools: Tools): Declared<TypeSyntax> | undefined {
  const { lookup, diagnostics, packages } = tools
  const named = syntax.type.kind === 'struct' ? stateArgument(file, syntax.type) : undefined
  const asStruct = (type: GoType | undefined): Declared<TypeSyntax> | undefined => {
    const found = type?.kind === 'name' ? lookup.type(file, type.pkg, type.name) : undefined
    if (found?.kind !== 'declared') return undefined
    const { declared } = found
    if (declared.syntax.alias && declared.syntax.type.kind === 'name') {
      const target = lookup.type(declared.file, declared.syntax.type.pkg, declared.syntax.type.name)
      return target.kind === 'declared' && target.declared.syntax.type.kind === 'struct' ? target.declared : undefined
    }
    return declared.syntax.type.kind === 'struct' ? declared : undefined
  }
  const conventional = `${syntax.name}State`
  const here = asStruct(named) ?? (named === undefined ? asStruct(nameType(conventional, syntax)) : undefined)
  if (here !== undefined) return here
  const elsewhere =
    named === undefined ? packages.flatMap((pkg) => pkg.types.get(conventional) ?? []).filter(isStruct) : []
  if (elsewhere.length === 1) return elsewhere[0]
  const wanted = named?.text ?? conventional
  const message =
    elsewhere.length > 1
      ? `the state of ${syntax.name} is ambiguous: ${elsewhere.map(refOf).join(' and ')}`
      : `${syntax.name} has no state: there is no struct ${wanted}`
  const hint =
    elsewhere.length > 1
      ? `Declare storeData *restream.StoreData[…] in ${syntax.name}, with the state that is meant.`
      : `Declare "type ${wanted} struct" with // @restream.partials above it.`
  diagnostics.error('store-state', named?.at ?? syntax.at, message, hint)
  return undefined
}

const isStruct = ({ syntax }: Declared<TypeSyntax>): boolean => syntax.type.kind === 'struct'

const nameType = (name: string, { at }: TypeSyntax): GoType => ({ kind: 'name', name, args: [], at, text: name })

function stateArgument(file: GoFile, type: GoType & { kind: 'struct' }): GoType | undefined {
  const field = readFields(file.path, type.node).find(({ name }) => name === 'storeData')
  const data = field?.type.kind === 'pointer' ? field.type.elem : field?.type
  return data?.kind === 'name' && data.name === 'StoreData' ? data.args[0] : undefined
}

/** The constant that the store's `GetMinimumAccessLevel` returns; 0 without the method. Undefined after a diagnostic. */
function minimumAccessOf(
  { syntax, file }: Declared<TypeSyntax>,
  { evaluator, diagnostics }: Tools,
): number | undefined {
  const method = file.pkg.methods.get(`${syntax.name}.GetMinimumAccessLevel`)
  if (method === undefined) return 0
  const { signature, body, at } = method.syntax
  const fail = (message: string, hint: string): undefined => {
    diagnostics.error('access-level', at, `${syntax.name}.GetMinimumAccessLevel ${message}`, hint)
    return undefined
  }
  const [result, ...more] = signature.results
  const type = result?.type
  if (signature.params.length > 0 || more.length > 0 || type?.kind !== 'name' || type.name !== 'AccessLevel')
    return fail('has another signature', 'It must be "GetMinimumAccessLevel() restream.AccessLevel".')
  const statements = body === undefined ? [] : partsOf(body).flatMap((list) => partsOf(list))
  const [only, ...others] = statements
  const values = only?.type === 'return_statement' && others.length === 0 ? partsOf(only).flatMap(partsOf) : []
  const value = values.length === 1 ? values[0] : undefined
  if (value === undefined) return fail('is more than one return of a value', 'It must only return a constant.')
  const level = levelOf(evaluator.expression(value, { file: method.file }))
  if (level === undefined) {
    const place = placeOf(method.file.path, value)
    const message = `${syntax.name}.GetMinimumAccessLevel returns no constant from 0 to 255`
    diagnostics.error(
      'access-level',
      place,
      message,
      'Return a number, or a constant that is declared in these packages.',
    )
  }
  return level
}
