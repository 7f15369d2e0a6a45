import { type HostLimits, utf8Length } from '../limits.ts'

/** A page's wish for a data stream. */
export interface StreamRequest {
  /** Chosen by the page. */
  readonly subscriptionID: string
  readonly store: string
  readonly stream: string
  readonly key: string
}

const NAME_BYTES = 256

/** What is wrong with a request, in words for its page; null when nothing is (session.md §8). */
export function requestFault({ subscriptionID, store, stream, key }: StreamRequest, limits: HostLimits): string | null {
  if (subscriptionID.trim() === '' || utf8Length(subscriptionID) > NAME_BYTES) {
    return `a data stream's subscription id has 1 to ${NAME_BYTES} bytes`
  }
  return (
    partFault('store name', store, NAME_BYTES) ??
    partFault('name', stream, NAME_BYTES) ??
    partFault('key', key, limits.keyBytes)
  )
}

function partFault(what: string, text: string, most: number): string | null {
  return text.trim() === '' || utf8Length(text) > most ? `a data stream's ${what} has 1 to ${most} bytes` : null
}
