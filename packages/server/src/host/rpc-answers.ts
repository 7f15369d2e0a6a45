import { encodeValue, isRivuletError, type TypeNode, zeroOf } from '@rivulet/wire'
import type { Message } from './outbox.ts'
import type { Method } from './rpc-method.ts'

/** The handler's result as an answer. Throws what encoding throws: the handler returned something that its type cannot hold. */
export function success(method: Method, callID: number, result: unknown): Message {
  return response(callID, encodeValue(method.types, method.response as TypeNode, { result, error: null }))
}

/** The handler's own error as an answer: the zero result, then the text (session.md §12). */
export function failure(method: Method, callID: number, error: unknown): Message {
  const node = method.response as TypeNode
  const result = method.returns ? (zeroOf(method.types, node) as { readonly result: unknown }).result : undefined
  return response(callID, encodeValue(method.types, node, { result, error: textOf(error) }))
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
export function refusal(callID: number, message: string): Message {
  return {
    event: 'rpccallresp',
    body: { callID, response: Buffer.alloc(0), error: { message, data: {} } },
  }
}

/** What a caller is told of whatever was thrown. */
export function textOf(error: unknown): string {
  const text: unknown = isRivuletError(error) || error instanceof Error ? error.message : error
  return typeof text === 'string' ? text : 'the handler failed'
}
