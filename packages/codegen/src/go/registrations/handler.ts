import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { GoSignature, GoType } from '../syntax/go-type.ts'
import { type Node, placeOf } from '../syntax/node.ts'
import type { Lookup } from '../types/lookup.ts'
import type { PlacedType, TypeInference } from './infer-type.ts'
import type { Named } from './registration-call.ts'

/** What a call's handler takes and returns. */
export interface Handler {
  readonly place: PlacedType
  readonly signature: GoSignature
  /** Its first parameter is a `context.Context`. */
  readonly context: boolean
}

interface Tools {
  readonly lookup: Lookup
  readonly inference: TypeInference
  readonly diagnostics: Diagnostics
}

/** The handler of an RPC registration: a function literal, a function, or a method of something. Undefined after a diagnostic. */
export function handlerOf(call: Named, { lookup, inference, diagnostics }: Tools): Handler | undefined {
  const node = call.args[2] as Node
  const at = placeOf(call.file.path, node)
  const found = inference.typeOf(node, call.file)
  const place = found && inference.underlying(found)
  if (place?.type.kind !== 'func') {
    const what = node.text.length > 40 ? 'it' : `"${node.text}"`
    const message = `the handler of "${call.name}" cannot be found: ${what} is no function that these packages declare`
    const hint = 'Pass a function literal, a declared function, or a method of a variable whose type is declared here.'
    diagnostics.error('handler', at, message, hint)
    return undefined
  }
  const { signature } = place.type
  const isError = ({ kind, text }: GoType): boolean => kind === 'name' && text === 'error'
  const { results } = signature
  const problem =
    call.method === 'RegisterFFRPCHandler'
      ? results.length > 1 || !results.every(({ type }) => isError(type))
        ? 'must return nothing, or an error'
        : undefined
      : results.length === 0 || results.length > 2 || !isError((results.at(-1) as { type: GoType }).type)
        ? 'must return an error, or a result and an error'
        : undefined
  if (problem !== undefined) {
    diagnostics.error('handler', at, `the handler of "${call.name}" ${problem}`, 'Change its results.')
    return undefined
  }
  return { place, signature, context: takesContext(signature, place, lookup) }
}

function takesContext({ params }: GoSignature, { file }: PlacedType, lookup: Lookup): boolean {
  const type = params[0]?.type
  if (type?.kind !== 'name' || type.pkg === undefined || type.name !== 'Context') return false
  return lookup.importOf(file, type.pkg)?.path === 'context'
}
