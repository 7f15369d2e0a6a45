import type { FeedMessage } from '@rivulet/client/inspect'

/** The buffers of a message that may be large: they move on instead of being copied. */
export function buffersOf(message: FeedMessage): ArrayBuffer[] {
  if (message.type !== 'answer') return []
  const { answer } = message
  switch (answer.type) {
    case 'bytes':
      return answer.bytes.filter((bytes) => bytes !== null)
    case 'state':
      return answer.checkpoint === null ? [] : [answer.checkpoint.state]
    case 'ring':
      return [...answer.ring.payloads.map(([, bytes]) => bytes), ...answer.ring.checkpoints.map(({ state }) => state)]
    default:
      return []
  }
}
