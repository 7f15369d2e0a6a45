import { decodeValue, isRivuletError, RivuletError, type RpcDef, type SendDef } from '@rivulet/wire'
import { asRivuletError, fromPlainError } from '../plain-error.ts'
import type { CallResult } from '../protocol.ts'
import { millis } from './client-config.ts'
import type { Session } from './session.ts'
import { slimDef } from './slim-def.ts'
import { structNode } from './struct-node.ts'
import type { CallOptions } from './types.ts'

/** The calls of a client. */
export interface Calls {
  call<A, R>(rpc: RpcDef<A, R>, args: A, options?: CallOptions<A>): Promise<R>
  send<A>(def: SendDef<A>, args: A): Promise<void>
}

/** The engine times a call too; if it has said nothing this long after, it may be dead. */
const SILENCE_MS = 250

/** Makes the calls of one client. `inspected`: the engine is given descriptors of responses too, which it keeps for devtools; it does not need them itself. */
export function createCalls(session: Session, defaultTimeoutMs: number, inspected = false): Calls {
  let lastId = 0

  const call = <A, R>(rpc: RpcDef<A, R>, args: A, options: CallOptions<A> = {}): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const { signal } = options
      const timeoutMs = millis('timeoutMs', options.timeoutMs, defaultTimeoutMs, 1)
      if (signal?.aborted === true) {
        reject(aborted(rpc.name, signal))
        return
      }
      const id = ++lastId
      let sent = false
      const ask = session.ask((control) => {
        sent = true
        return control.call(
          id,
          slimDef(rpc as RpcDef, inspected ? [rpc.request, rpc.response] : [rpc.request]),
          args,
          timeoutMs,
        )
      })
      const settle = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const giveUp = (error: RivuletError): void => {
        settle()
        reject(error)
        ask.cancel()
        if (sent) session.tell((control) => control.cancel(id))
      }
      const onAbort = (): void => giveUp(aborted(rpc.name, signal))
      const onTimeout = (): void => {
        if (!sent) {
          giveUp(late(rpc.name, timeoutMs, 'The engine has not started yet; has connect() been called?'))
          return
        }
        timer = setTimeout(() => {
          giveUp(late(rpc.name, timeoutMs))
          session.suspect()
        }, SILENCE_MS)
      }
      let timer = setTimeout(onTimeout, timeoutMs)
      signal?.addEventListener('abort', onAbort)
      ask.promise.then(
        (answer) => {
          settle()
          try {
            return resolve(resultOf(rpc, answer))
          } catch (e) {
            return reject(asRivuletError(e, 'protocol'))
          }
        },
        (e: unknown) => {
          settle()
          reject(unsendable(rpc.name, e))
        },
      )
    })

  const send = async <A>(def: SendDef<A>, args: A): Promise<void> => {
    let problem
    try {
      problem = await session.ask((control) => control.send(slimDef(def as SendDef, [def.request]), args)).promise
    } catch (e) {
      throw unsendable(def.name, e)
    }
    if (problem !== null) throw fromPlainError(problem)
  }

  return { call, send }
}

/** What the host answered. Throws `rpc` with the application's own text, or the wire's errors. */
function resultOf<A, R>(rpc: RpcDef<A, R>, answer: CallResult): R {
  if (!answer.ok) throw fromPlainError(answer.error)
  let response
  try {
    response = decodeValue(rpc.types, structNode(rpc.types, rpc.response), answer.bytes) as {
      error: string | null
      result?: R
    }
  } catch (e) {
    if (!isRivuletError(e)) throw e
    throw fromPlainError({
      code: e.code,
      what: `the response cannot be decoded (${e.what})`,
      store: rpc.name,
      path: e.path,
    })
  }
  // An error without text is an error all the same (pitfall 12).
  if (response.error !== null) throw new RivuletError('rpc', response.error, { cause: { rpc: rpc.name } })
  return response.result as R
}

/** What cannot be posted to the worker fails before it leaves, with the browser's own error. */
function unsendable(name: string, error: unknown): RivuletError {
  if (isRivuletError(error)) return error
  return new RivuletError('invalid-value', 'the arguments cannot be sent to the worker', {
    store: name,
    cause: error,
    hint: 'They have to be plain data: no functions, no class instances with behaviour.',
  })
}

function aborted(name: string, signal: AbortSignal | undefined): RivuletError {
  return new RivuletError('aborted', 'the call was given up', { store: name, cause: signal?.reason })
}

function late(name: string, ms: number, hint?: string): RivuletError {
  return new RivuletError('timeout', `no answer within ${ms} ms`, {
    store: name,
    ...(hint === undefined ? {} : { hint }),
  })
}
