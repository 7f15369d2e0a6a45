import type { Diagnostics } from '../../diagnostics/diagnostic.ts'
import type { GoSignature } from '../syntax/go-type.ts'
import { type Node, placeOf } from '../syntax/node.ts'
import { constTypeOf } from '../types/const-type.ts'
import type { Lookup } from '../types/lookup.ts'
import type { PlacedType, TypeInference } from './infer-type.ts'
import type { Named } from './registration-call.ts'

/** The function that an event calls. */
export interface EventCallback {
  readonly place: PlacedType
  readonly signature: GoSignature
}

interface Tools {
  readonly lookup: Lookup
  readonly inference: TypeInference
  readonly diagnostics: Diagnostics
}

/** What an event's subscribers are called with; of a keyed one the first parameter is the key. Undefined after a diagnostic. */
export function eventCallback(
  call: Named,
  keyed: boolean,
  { lookup, inference, diagnostics }: Tools,
): EventCallback | undefined {
  const node = call.args[1] as Node
  const at = placeOf(call.file.path, node)
  const found = inference.typeOf(node, call.file)
  const func = found && callbackType(found, lookup)
  const place = func && inference.underlying(func)
  if (place?.type.kind !== 'func') {
    const message = `"${call.name}": ${node.text.length > 40 ? 'the event' : node.text} is no subscribableevent.Event of a function type`
    const hint =
      'Pass the address of a variable or field that is declared as one, or made with subscribableevent.NewEvent.'
    diagnostics.error('event-type', at, message, hint)
    return undefined
  }
  const { signature } = place.type
  if (signature.results.length > 0) {
    const message = `the callback of the event "${call.name}" returns something`
    diagnostics.error('event-type', at, message, 'Nobody receives it: remove the results.')
    return undefined
  }
  const [key] = signature.params
  if (keyed && (key === undefined || key.variadic || !isText(key.type, place, lookup))) {
    const message = `the first parameter of the keyed event "${call.name}" is no string`
    diagnostics.error(
      'keyed-event',
      key?.at ?? at,
      message,
      'The first parameter is the routing key: make it a string.',
    )
    return undefined
  }
  return { place, signature }
}

// `Event[F]`, itself or behind pointers and aliases.
function callbackType(placed: PlacedType, lookup: Lookup, depth = 0): PlacedType | undefined {
  const { type, file } = placed
  if (depth > 16) return undefined
  if (type.kind === 'pointer') return callbackType({ ...placed, type: type.elem }, lookup, depth + 1)
  if (type.kind !== 'name') return undefined
  const [arg, ...more] = type.args
  if (type.name === 'Event' && arg !== undefined && more.length === 0) return { ...placed, type: arg }
  const bound = type.pkg === undefined ? placed.env?.get(type.name) : undefined
  if (bound !== undefined) return callbackType(bound, lookup, depth + 1)
  const named = lookup.type(file, type.pkg, type.name)
  if (named.kind !== 'declared') return undefined
  const { syntax, file: home } = named.declared
  return callbackType({ type: syntax.type, file: home }, lookup, depth + 1)
}

function isText(type: GoSignature['params'][number]['type'], { file }: PlacedType, lookup: Lookup): boolean {
  return constTypeOf(lookup, file, type)?.kind === 'string'
}
