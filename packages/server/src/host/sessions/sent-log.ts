import type { HostLimits } from '../limits.ts'
import { messageSize } from '../message-size.ts'
import type { Message } from '../outbox.ts'

/** What a viewer did not get, although it was written into a connection. */
interface Lost {
  readonly count: number
  /** Stores with lost updates. */
  readonly stores: readonly string[]
  /** Lost events, answers and refusals, in their order. */
  readonly messages: readonly Message[]
}

/** What was sent in a session and may still be lost: stores by name, everything else as it was sent. */
export interface SentLog {
  /** A message of the session was handed to the transport. */
  sent(message: Message): void
  /** The number of the last message. */
  readonly total: number
  /** Everything up to this number has arrived. */
  confirm(total: number): void
  /** Whether everything after the first `received` messages is known. */
  reaches(received: number): boolean
  /** Takes out what came after the first `received` messages; the next one has the number after that. */
  rewind(received: number): Lost
  /** The least that {@link SentLog.reaches} takes. */
  readonly floor: number
}

/**
 * Makes an empty log. It keeps no more events than may wait for a viewer that is away; beyond that the oldest go, and a viewer that has not received those cannot go on.
 * Of store updates it keeps the store's name only: a new baseline makes up for any number of them. Endpoints that are good are sent at every attach anyway.
 */
export function createSentLog(limits: HostLimits): SentLog {
  const stores = new Map<string, number>()
  let entries: { readonly at: number; readonly message: Message; readonly size: number }[] = []
  let bytes = 0
  let total = 0
  let floor = 0

  function drop(count: number): void {
    for (const { size } of entries.slice(0, count)) bytes -= size
    entries = entries.slice(count)
  }

  /** Drops the oldest beyond the limits. Several at once, because each time the rest is copied. */
  function trim(): void {
    if (entries.length <= limits.sessionEvents && bytes <= limits.sessionEventBytes) return
    let keep = 0
    let kept = 0
    for (const { size } of entries.toReversed()) {
      if (keep + 1 > limits.sessionEvents * 0.75 || kept + size > limits.sessionEventBytes * 0.75) break
      keep++
      kept += size
    }
    const gone = entries.length - keep
    floor = entries[gone - 1]?.at ?? floor
    drop(gone)
  }

  return {
    sent(message) {
      total++
      if (message.update !== undefined) stores.set(message.update.def.name, total)
      else if (!('endpoint' in message.body)) {
        const size = messageSize(message)
        entries.push({ at: total, message, size })
        bytes += size
        trim()
      }
    },
    get total() {
      return total
    },
    get floor() {
      return floor
    },
    confirm(upTo) {
      if (upTo <= floor) return
      floor = upTo
      for (const [store, at] of stores) if (at <= upTo) stores.delete(store)
      const first = entries.findIndex(({ at }) => at > upTo)
      drop(first === -1 ? entries.length : first)
    },
    reaches: (received) => received >= floor && received <= total,
    rewind(received) {
      const lost: Lost = {
        count: total - received,
        stores: [...stores].flatMap(([store, at]) => (at > received ? [store] : [])),
        messages: entries.flatMap(({ at, message }) => (at > received ? [message] : [])),
      }
      stores.clear()
      entries = []
      bytes = 0
      total = received
      floor = received
      return lost
    },
  }
}
