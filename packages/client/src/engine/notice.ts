import type { PlainError } from '../protocol.ts'
import { text } from './incoming.ts'
import { failure } from './plain-error.ts'

/** Reads the `viewernotice` of a Rivulet host: why it closes the connection, and what the page misses. Other hosts send none. Throws a TypeError for a message without text. */
export function noticeError({ message, lostEvents }: Readonly<Record<string, unknown>>): PlainError {
  const what = `the host gave up on this page: ${text(message)}`
  if (typeof lostEvents !== 'number' || lostEvents <= 0) return failure('limit', what)
  return failure('limit', what, {
    hint: `${lostEvents} events did not arrive; stores come back with the next connection.`,
  })
}
