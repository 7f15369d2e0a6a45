import type { Message } from './outbox.ts'

/** Framing, field names and numbers. */
const ENVELOPE = 64

/** About how many bytes a message takes: attachments and texts. */
export function messageSize({ body }: Message): number {
  let bytes = ENVELOPE
  for (const value of Object.values(body)) {
    if (value instanceof Uint8Array) bytes += value.length
    else if (typeof value === 'string') bytes += value.length
  }
  return bytes
}
