import { decodeValue, encodeValue, RivuletError, type RpcDef, type SendDef, structOf, zeroOf } from '@rivulet/wire'
import { type Message, ownBuffer } from './store-messages.ts'

/** A handler without its types. */
export type Handle = (args: unknown) => unknown

/** Who answers which call. The handler that came last counts; when it goes, the one before is back. */
export interface Handlers {
  /** Throws `schema` when the descriptor's structs are missing. */
  add(def: RpcDef | SendDef, handle: Handle): () => void
  /** Answers an `rpccall`. It always answers: what goes wrong is the answer. */
  call(callID: unknown, method: string, request: unknown): Promise<Message>
  /** Takes an `ffrpc`. Throws what the handler throws, and `unknown-method`. */
  send(method: string, request: unknown): Promise<void>
}

interface Method<Def> {
  readonly def: Def
  readonly handle: Handle
}

/** Makes an empty set of handlers. */
export function createHandlers(): Handlers {
  const calls = new Map<string, Method<RpcDef>[]>()
  const sends = new Map<string, Method<SendDef>[]>()

  return {
    add(def, handle) {
      structOf(def.types, def.request)
      if (def.kind === 'send') return push(sends, { def, handle })
      structOf(def.types, def.response)
      return push(calls, { def, handle })
    },
    async call(callID, name, request) {
      const method = calls.get(name)?.at(-1)
      // A real host would close the connection; this tells who has to do what.
      if (method === undefined) return refusal(callID, missing(name).message)
      let args: unknown
      try {
        args = decodeValue(method.def.types, { kind: 'struct', ref: method.def.request }, request)
      } catch (e) {
        return refusal(callID, textOf(e))
      }
      try {
        const result = await method.handle(args)
        return answer(callID, method.def, result, null)
      } catch (e) {
        return answer(callID, method.def, zeroResult(method.def), textOf(e))
      }
    },
    async send(name, request) {
      const method = sends.get(name)?.at(-1)
      if (method === undefined) throw missing(name)
      await method.handle(decodeValue(method.def.types, { kind: 'struct', ref: method.def.request }, request))
    },
  }
}

function push<M extends Method<RpcDef> | Method<SendDef>>(all: Map<string, M[]>, method: M): () => void {
  const { name } = method.def
  const known = all.get(name) ?? []
  all.set(name, known)
  known.push(method)
  return () => {
    const at = known.indexOf(method)
    if (at >= 0) known.splice(at, 1)
  }
}

function missing(name: string): RivuletError {
  return new RivuletError('unknown-method', 'the test server has no handler for this call', {
    store: name,
    hint: 'Give it one with server.on(…) before the page calls.',
  })
}

function zeroResult(def: RpcDef): unknown {
  return (zeroOf(def.types, { kind: 'struct', ref: def.response }) as { readonly result?: unknown }).result
}

function answer(callID: unknown, { types, response }: RpcDef, result: unknown, error: string | null): Message {
  const bytes = encodeValue(types, { kind: 'struct', ref: response }, { result, error })
  return { event: 'rpccallresp', body: { callID, response: ownBuffer(bytes), error: null } }
}

function refusal(callID: unknown, message: string): Message {
  return { event: 'rpccallresp', body: { callID, response: new ArrayBuffer(0), error: { message, data: {} } } }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error === 'string' ? error : 'the handler failed'
}
