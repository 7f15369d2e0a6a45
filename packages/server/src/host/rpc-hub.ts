import { RivuletError, type RpcDef, type SendDef } from '@rivulet/wire'
import { type Annotate, type CallContext, callScope } from './call-scope.ts'
import { type HostLimits, utf8Length } from './limits.ts'
import type { Message } from './outbox.ts'
import type { Peer } from './peer.ts'
import { failure, refusal, success, textOf } from './rpc-answers.ts'
import {
  admit,
  type Handle,
  type HandlerOptions,
  type Method,
  methodOf,
  type RpcHandler,
  type SendHandler,
} from './rpc-method.ts'
import type { CallOutcome } from './telemetry.ts'
import type { Viewer } from './viewer.ts'

/**
 * What happens to a call of a method that nobody handles: the connection closes, as with a Go host, or the caller gets an error (a call without response is only reported). In the session of a Rivulet client it
 * always gets an error.
 */
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
  /** For handlers without one of their own; 0 = none. */
  readonly timeoutMs: number
  readonly annotate: Annotate | undefined
  /** Nothing new is begun any more. */
  readonly draining: () => boolean
  readonly failed: (what: string, error: unknown) => void
  readonly called: (method: string, outcome: CallOutcome, ms: number) => void
}): RpcHub {
  const { limits, unknownMethod, annotate, draining, failed, called } = options
  const rpcs = new Map<string, Method>()
  const sends = new Map<string, Method>()

  function call(peer: Peer, callID: number, methodName: string, request: Uint8Array | null): void | Promise<void> {
    const bytes = checkCall(methodName, request, limits.rpcRequestBytes, limits)
    if (peer.rpcs >= limits.rpcsInFlight) throw tooMany(limits.rpcsInFlight)
    const method = rpcs.get(methodName)
    if (method === undefined) {
      // Closing would end a connection that comes back, with a call that waits for ever (pitfall 54).
      if (unknownMethod === 'disconnect' && !peer.counted) {
        throw new RivuletError('unknown-method', noHandler(methodName))
      }
      // Names come from viewers: all that nobody handles count as one.
      called('_OTHER', 'refused', 0)
      peer.outbox.put(refusal(callID, noHandler(methodName)))
      return undefined
    }
    // The caller, even if it is away when its level is known.
    const { viewer } = peer
    peer.rpcs++
    const done = once(() => void peer.rpcs--)
    const began = performance.now()
    const answer = (message: Message, outcome: CallOutcome = 'refused'): void => {
      done()
      called(methodName, outcome, performance.now() - began)
      if (peer.open) peer.outbox.put(message)
    }
    return peer.withLevel(
      (level) =>
        serve({ peer, viewer, level }, method, bytes, {
          refused: (error) => answer(refusal(callID, textOf(error))),
          answered: (result) =>
            answer(
              encoded(method, callID, () => success(method, callID, result)),
              'ok',
            ),
          failed: (error) =>
            answer(
              encoded(method, callID, () => failure(method, callID, error)),
              'error',
            ),
          late: (text) => answer(refusal(callID, text), 'timeout'),
        }),
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
    const refused = (error: Error): void => failed(`a call of ${methodName.slice(0, 100)} was refused`, error)
    const method = sends.get(methodName)
    if (method === undefined) {
      const error = new RivuletError('unknown-method', noHandler(methodName))
      if (unknownMethod === 'disconnect') throw error
      called('_OTHER', 'refused', 0)
      return refused(error)
    }
    const { viewer } = peer
    peer.sends++
    const done = once(() => void peer.sends--)
    const began = performance.now()
    const finish = (outcome: CallOutcome): void => {
      done()
      called(methodName, outcome, performance.now() - began)
    }
    return peer.withLevel(
      (level) =>
        serve({ peer, viewer, level }, method, bytes, {
          refused(error) {
            finish('refused')
            refused(error)
          },
          answered: () => finish('ok'),
          failed(error) {
            finish('error')
            failed(`the handler of ${methodName} failed`, error)
          },
          late(text) {
            finish('timeout')
            failed(text, new RivuletError('timeout', text))
          },
        }),
      done,
    )
  }

  /** Runs a call of a known method to its end; exactly one of `ends` is called, and never after another. */
  function serve(caller: Caller, method: Method, bytes: Uint8Array, ends: CallEnds): void {
    const { peer, viewer, level } = caller
    if (draining()) return ends.refused(new RivuletError('disconnected', 'the host is closing'))
    let annotations: CallContext['annotations']
    try {
      annotations = annotate?.(viewer, method.name) ?? NO_ANNOTATIONS
    } catch (e) {
      failed(`the annotations of a call of ${method.name} failed`, e)
      return ends.refused(new RivuletError('handler', 'the host could not prepare the call'))
    }
    const scope = callScope(peer, { viewer, level, annotations }, method.timeoutMs, () =>
      ends.late(`${method.name} did not answer within ${method.timeoutMs} ms`),
    )
    const args = admit(method, bytes, scope.context)
    if (args instanceof Error) {
      scope.end()
      return ends.refused(args)
    }
    run(
      () => method.handle(args.value, scope.context),
      (result) => {
        if (scope.end()) ends.answered(result)
      },
      (error) => {
        if (scope.end()) ends.failed(error)
      },
    )
  }

  /** Never throws: a result that cannot be encoded is the handler's mistake, and an error to its caller. */
  function encoded(method: Method, callID: number, make: () => Message): Message {
    try {
      return make()
    } catch (e) {
      failed(`the handler of ${method.name} returned a value that its type cannot hold`, e)
      return refusal(callID, `the result of ${method.name} could not be encoded`)
    }
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
    rpc: (def, handler, extra) => register(rpcs, methodOf(def, handler as Handle, options.timeoutMs, extra)),
    onSend: (def, handler, extra) => register(sends, methodOf(def, handler as Handle, options.timeoutMs, extra)),
    call,
    send,
  }
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

/** Who calls. The viewer is the one that sent the call: a session may be without one when its level is known. */
interface Caller {
  readonly peer: Peer
  readonly viewer: Viewer
  readonly level: number
}

/** How a call may end. */
interface CallEnds {
  refused(error: Error): void
  answered(result: unknown): void
  failed(error: unknown): void
  late(text: string): void
}

const NO_ANNOTATIONS: CallContext['annotations'] = Object.freeze({})

// A handler may be synchronous, so that its answer follows at once, asynchronous, or broken in either way.
function run(work: () => unknown, answered: (result: unknown) => void, lost: (error: unknown) => void): void {
  let result: unknown
  let later: boolean
  try {
    result = work()
    later = typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function'
  } catch (e) {
    lost(e)
    return
  }
  if (later) void Promise.resolve(result).then(answered, lost)
  else answered(result)
}

function noHandler(method: string): string {
  return `no handler for the method ${method.slice(0, 100)}`
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
