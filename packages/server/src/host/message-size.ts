import type { Message } from './outbox.ts'

/** Framing, field names and numbers. */
const ENVELOPE = 64

// A message goes to many viewers in a row, and is measured for each of them.
let measured: Message | undefined
let size = 0

/** About how many bytes a message takes: attachments and texts. */
export function messageSize(message: Message): number {
  if (message !== measured) {
    size = sizeOf(message)
    measured = message
  }
  return size
}

function sizeOf({ body }: Message): number {
  let bytes = ENVELOPE
  for (const value of Object.values(body)) {
    if (value instanceof Uint8Array) bytes += value.length
    else if (typeof value === 'string') bytes += value.length
  }
  return bytes
}
