import { decodeValue, RivuletError, type RpcDef, type SendDef, structOf, type TypeNode } from '@rivulet/wire'
import type { CallContext } from './call-scope.ts'
import { textOf } from './rpc-answers.ts'

/** Answers a call. What it throws reaches the caller as the error text: the `message` of an Error, a thrown string, else a general text. */
export type RpcHandler<Args, Result> = (args: Args, context: CallContext) => Result | Promise<Result>

/** Takes a call without response. What it throws is only reported to the host's `onError`. */
export type SendHandler<Args> = (args: Args, context: CallContext) => void | Promise<void>

/** Overrides for one handler. */
export interface HandlerOptions<Args> {
  /** Lowest level that may call it; the descriptor's otherwise. */
  readonly access?: number
  /** Looks at the arguments before the handler does. Throwing refuses the call with the error's text as a dispatcher error. */
  readonly validate?: (args: Args, context: CallContext) => void
  /**
   * How long the handler may take, milliseconds; the host's `handlerTimeoutMs` otherwise, 0 = as long as it likes. Then the caller is refused, the call does not count against its limit any more, and
   * the context's signal is aborted.
   */
  readonly timeoutMs?: number
}

/** A method with its handler, ready for calls. */
export interface Method {
  readonly name: string
  readonly access: number
  readonly types: RpcDef['types']
  readonly request: TypeNode
  /** Absent for calls without response. */
  readonly response?: TypeNode
  readonly returns: boolean
  readonly handle: Handle
  readonly validate: HandlerOptions<unknown>['validate']
  readonly timeoutMs: number
}

/** A handler without its types. */
export type Handle = RpcHandler<unknown, unknown>

/** Longer timers fire at once. */
const MOST_MS = 2 ** 31 - 1

/** Puts a method together. Throws `schema` when its structs are missing, `config` for a time that no timer takes. */
export function methodOf(
  def: RpcDef | SendDef,
  handle: Handle,
  hostTimeoutMs: number,
  options: HandlerOptions<never> = {},
): Method {
  const method = {
    name: def.name,
    access: options.access ?? def.access ?? 0,
    types: def.types,
    request: { kind: 'struct', ref: def.request } as const,
    handle,
    validate: options.validate as Method['validate'],
    timeoutMs: timeoutOf(options.timeoutMs ?? hostTimeoutMs),
  }
  // Found out here rather than at the first call.
  structOf(def.types, def.request)
  if (def.kind === 'send') return { ...method, returns: false }
  const returns = structOf(def.types, def.response).fields.some((field) => field.name === 'result')
  return { ...method, response: { kind: 'struct', ref: def.response }, returns }
}

/** A time that a handler may take; 0 = as long as it likes. Throws `config` for what no timer takes. */
export function timeoutOf(ms: number): number {
  if (ms >= 0 && ms <= MOST_MS) return ms
  throw new RivuletError('config', `a handler cannot be given ${ms} ms`, { hint: `It is between 0 and ${MOST_MS}.` })
}

/** Checks level and arguments; an Error is what the caller is told. */
export function admit(method: Method, bytes: Uint8Array, context: CallContext): { readonly value: unknown } | Error {
  if (context.level < method.access) {
    return new RivuletError(
      'denied',
      `${method.name} needs access level ${method.access}, the caller has ${context.level}`,
    )
  }
  try {
    const value = decodeValue(method.types, method.request, bytes)
    method.validate?.(value, context)
    return { value }
  } catch (e) {
    return e instanceof Error ? e : new Error(textOf(e))
  }
}
