import type { SendDef } from '@rivulet/wire'
import type { PlainError } from '../protocol.ts'
import type { RequestEncoder } from './codecs.ts'
import { failure, plainError } from './plain-error.ts'

/** A host refuses larger ones by closing the connection (session.md §9). */
const MAX_SEND_BYTES: number = 4 * 1024 * 1024

/** Sends a call that has no response. Nothing is queued: what cannot go out now is refused, because nobody would learn that it came too late. */
export function sendOnce(
  encode: RequestEncoder,
  emit: (event: string, message: unknown) => boolean,
  def: SendDef,
  args: unknown,
): PlainError | null {
  const store = def.name
  let request: Uint8Array
  try {
    request = encode(def, args)
  } catch (e) {
    return plainError(e, 'invalid-value', { store })
  }
  if (request.length > MAX_SEND_BYTES)
    return failure('limit', `the request has ${request.length} bytes; a host takes ${MAX_SEND_BYTES}`, { store })
  if (emit('ffrpc', { methodName: def.name, request })) return null
  return failure('disconnected', 'there is no connection to send on', {
    store,
    hint: 'Wait until the connection is up; nothing is queued.',
  })
}
