import {
  decodeValue,
  encodeValue,
  isRivuletError,
  RivuletError,
  type RpcDef,
  type SendDef,
  structOf,
  type TypeNode,
  zeroOf,
} from '@rivulet/wire'
import type { Peer } from './peer.ts'
import type { CallOutcome } from './telemetry.ts'
import type { Viewer } from './viewer.ts'
import { type HostLimits, utf8Length } from './limits.ts'
import type { Message } from './outbox.ts'

/** What a handler knows about its caller. */
export interface CallContext {
  readonly viewer: Viewer
  /** The caller's access level at the time of the call. */
  readonly level: number
  /** Aborted when the caller is gone for good: when its connection ends, or with sessions when its session does. */
  readonly signal: AbortSignal
}

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
}

interface Method {
  readonly name: string
  readonly access: number
  readonly types: RpcDef['types']
  readonly request: TypeNode
  /** Absent for calls without response. */
  readonly response?: TypeNode
  readonly returns: boolean
  readonly handle: RpcHandler<unknown, unknown>
  readonly validate: HandlerOptions<unknown>['validate']
}

/** What happens to a call of a method that nobody handles: the connection closes, as with a Go host, or the caller gets an error. In the session of a Rivulet client it always gets an error. */
export type UnknownMethod = 'disconnect' | 'error'

/** Dispatches calls (session.md §5). */
export interface RpcHub {
  readonly rpc: <A, R>(def: RpcDef<A, R>, handler: RpcHandler<A, R>, options?: HandlerOptions<A>) => void
  readonly onSend: <A>(def: SendDef<A>, handler: SendHandler<A>, options?: HandlerOptions<A>) => void
  /** A `rpccall` message. */
  call(peer: Peer, callID: number, methodName: string, request: Uint8Array | null): void | Promise<void>
  /** A `ffrpc` message. */
  send(peer: Peer, methodName: string, request: Uint8Array | null): void | Promise<void>
}

/** Makes a dispatcher. Nothing that a handler does or a caller sends escapes it. */
export function createRpcHub(options: {
  readonly limits: HostLimits
  readonly unknownMethod: UnknownMethod
  readonly failed: (what: string, error: unknown) => void
  readonly called: (method: string, outcome: CallOutcome, ms: number) => void
}): RpcHub {
  const { limits, unknownMethod, failed, called } = options
  const rpcs = new Map<string, Method>()
  const sends = new Map<string, Method>()

  function call(peer: Peer, callID: number, methodName: string, request: Uint8Array | null): void | Promise<void> {
    const bytes = checkCall(methodName, request, limits.rpcRequestBytes, limits)
    if (peer.rpcs >= limits.rpcsInFlight) throw tooMany(limits.rpcsInFlight)
    const method = rpcs.get(methodName)
    if (method === undefined) {
      const text = `no handler for the method ${methodName}`
      // Closing would end a connection that comes back, with a call that waits for ever (pitfall 54).
      if (unknownMethod === 'disconnect' && !peer.counted) throw new RivuletError('unknown-method', text)
      peer.outbox.put(refusal(callID, text))
      return undefined
    }
    peer.rpcs++
    const done = once(() => void peer.rpcs--)
    const began = performance.now()
    const answer = (message: Message, outcome: CallOutcome = 'refused'): void => {
      done()
      called(methodName, outcome, performance.now() - began)
      if (peer.open) peer.outbox.put(message)
    }
    return peer.withLevel(
      (level) => {
        const context = contextOf(peer, level)
        const args = admit(method, bytes, context)
        if (args instanceof Error) {
          answer(refusal(callID, args.message))
          return
        }
        run(
          () => method.handle(args.value, context),
          (result) => answer(success(method, callID, result), 'ok'),
          (error) => answer(failure(method, callID, error), 'error'),
        )
      },
      () => {
        // The caller of a session waits for its answer beyond this connection.
        if (peer.resumable) answer(refusal(callID, `the access level for ${methodName} could not be looked up`))
        else done()
      },
    )
  }

  function send(peer: Peer, methodName: string, request: Uint8Array | null): void | Promise<void> {
    const bytes = checkCall(methodName, request, limits.sendRequestBytes, limits)
    if (peer.sends >= limits.sendsInFlight) throw tooMany(limits.sendsInFlight)
    const method = sends.get(methodName)
    if (method === undefined) throw new RivuletError('unknown-method', `no handler for the method ${methodName}`)
    peer.sends++
    const done = once(() => void peer.sends--)
    return peer.withLevel((level) => {
      const context = contextOf(peer, level)
      const args = admit(method, bytes, context)
      if (args instanceof Error) {
        done()
        failed(`a call of ${methodName} was refused`, args)
        return
      }
      run(
        () => method.handle(args.value, context),
        done,
        (error) => {
          done()
          failed(`the handler of ${methodName} failed`, error)
        },
      )
    }, done)
  }

  function success(method: Method, callID: number, result: unknown): Message {
    try {
      return response(callID, encodeValue(method.types, method.response as TypeNode, { result, error: null }))
    } catch (e) {
      failed(`the handler of ${method.name} returned a value that its type cannot hold`, e)
      return refusal(callID, `the result of ${method.name} could not be encoded`)
    }
  }

  function failure(method: Method, callID: number, error: unknown): Message {
    const result = method.returns ? zeroResult(method) : undefined
    return response(callID, encodeValue(method.types, method.response as TypeNode, { result, error: textOf(error) }))
  }

  function register(into: Map<string, Method>, method: Method): void {
    if (into.has(method.name)) {
      throw new RivuletError('config', `the method ${method.name} already has a handler`, {
        hint: 'Register it once.',
      })
    }
    into.set(method.name, method)
  }

  return {
    rpc: (def, handler, extra) => register(rpcs, methodOf(def, handler as RpcHandler<unknown, unknown>, extra)),
    onSend: (def, handler, extra) => register(sends, methodOf(def, handler as RpcHandler<unknown, unknown>, extra)),
    call,
    send,
  }
}

function methodOf(
  def: RpcDef | SendDef,
  handle: RpcHandler<unknown, unknown>,
  options: HandlerOptions<never> = {},
): Method {
  const method = {
    name: def.name,
    access: options.access ?? def.access ?? 0,
    types: def.types,
    request: { kind: 'struct', ref: def.request } as const,
    handle,
    validate: options.validate as Method['validate'],
  }
  // Found out here rather than at the first call.
  structOf(def.types, def.request)
  if (def.kind === 'send') return { ...method, returns: false }
  const returns = structOf(def.types, def.response).fields.some((field) => field.name === 'result')
  return { ...method, response: { kind: 'struct', ref: def.response }, returns }
}

function zeroResult(method: Method): unknown {
  return (zeroOf(method.types, method.response as TypeNode) as { readonly result: unknown }).result
}

function checkCall(name: string, request: Uint8Array | null, most: number, limits: HostLimits): Uint8Array {
  if (name.trim() === '') throw new RivuletError('protocol', 'a call without a method name')
  if (utf8Length(name) > limits.methodNameBytes) {
    throw new RivuletError('limit', `a method name is longer than ${limits.methodNameBytes} bytes`)
  }
  if (request === null) throw new RivuletError('protocol', `a call of ${name} without a request`)
  if (request.length > most) throw new RivuletError('limit', `a request of ${name} is larger than ${most} bytes`)
  return request
}

/** Checks level and arguments; an Error is what the caller is told. */
function admit(method: Method, bytes: Uint8Array, context: CallContext): { readonly value: unknown } | Error {
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

// A handler may be synchronous, so that its answer follows at once, asynchronous, or broken in either way.
function run(work: () => unknown, answered: (result: unknown) => void, lost: (error: unknown) => void): void {
  let result: unknown
  try {
    result = work()
  } catch (e) {
    lost(e)
    return
  }
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function') {
    Promise.resolve(result as PromiseLike<unknown>).then(answered, lost)
  } else answered(result)
}

function contextOf(peer: Peer, level: number): CallContext {
  return { viewer: peer.viewer, level, signal: peer.signal }
}

function response(callID: number, bytes: Uint8Array): Message {
  return {
    event: 'rpccallresp',
    body: {
      callID,
      response: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      error: null,
    },
  }
}

/** An answer of the dispatcher itself: an error object and an empty attachment (session.md §2). */
function refusal(callID: number, message: string): Message {
  return {
    event: 'rpccallresp',
    body: { callID, response: Buffer.alloc(0), error: { message, data: {} } },
  }
}

function textOf(error: unknown): string {
  if (isRivuletError(error) || error instanceof Error) return error.message
  return typeof error === 'string' ? error : 'the handler failed'
}

function tooMany(limit: number): RivuletError {
  return new RivuletError('limit', `more than ${limit} calls at once`)
}

function once(work: () => void): () => void {
  let left = true
  return () => {
    if (left) work()
    left = false
  }
}
