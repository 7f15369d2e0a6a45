import type { HostLimits } from '../limits.ts'
import { messageSize } from '../message-size.ts'
import type { Message } from '../outbox.ts'
import { pendingUpdate, type PendingUpdate } from '../pending-update.ts'

/** What waits for a viewer that is away: one update per store, and events and answers in their order (session.md §7). */
export interface Backlog {
  /** Keeps a message; false when that is more than may be kept. */
  add(message: Message): boolean
  /** Puts messages, none of them updates, before everything that is kept; false when that is more than may be kept. */
  addFirst(messages: readonly Message[]): boolean
  /** Stores that need a fresh baseline. */
  readonly stale: Iterable<string>
  /** From here on only a fresh baseline helps the viewer of this store. */
  markStale(store: string): void
  /** Whatever is kept of this store is not needed any more. */
  forget(store: string): void
  /** Keeps only the events and answers that `wanted` wants. */
  keep(wanted: (message: Message) => boolean): void
  /** Takes everything out: stores by name, then the rest in its order. `baseline` is asked for stores that are stale. */
  take(baseline: (store: string) => Message | null): Message[]
}

/** Makes an empty backlog within `limits`. */
export function createBacklog(limits: HostLimits): Backlog {
  let stores = new Map<string, PendingUpdate>()
  let stale = new Set<string>()
  let events: Message[] = []
  let eventBytes = 0

  function addUpdate(update: NonNullable<Message['update']>): boolean {
    const { name } = update.def
    if (stale.has(name)) return true
    const pending = stores.get(name)
    if (pending === undefined) stores.set(name, pendingUpdate(update))
    else pending.add(update)
    if (stores.size > limits.sessionStores) return false
    if (storeBytes() <= limits.sessionStoreBytes) return true
    // Sizes are upper bounds until everything is merged.
    for (const waiting of stores.values()) waiting.settle()
    return storeBytes() <= limits.sessionStoreBytes
  }

  function storeBytes(): number {
    let bytes = 0
    for (const { size } of stores.values()) bytes += size
    return bytes
  }

  function eventsFit(): boolean {
    return events.length <= limits.sessionEvents && eventBytes <= limits.sessionEventBytes
  }

  return {
    add(message) {
      if (message.update !== undefined) return addUpdate(message.update)
      events.push(message)
      eventBytes += messageSize(message)
      return eventsFit()
    },
    addFirst(messages) {
      events = [...messages, ...events]
      for (const message of messages) eventBytes += messageSize(message)
      return eventsFit()
    },
    get stale() {
      return stale
    },
    markStale(store) {
      stores.delete(store)
      stale.add(store)
    },
    forget(store) {
      stores.delete(store)
      stale.delete(store)
    },
    keep(wanted) {
      events = events.filter(wanted)
      eventBytes = events.reduce((sum, message) => sum + messageSize(message), 0)
    },
    take(baseline) {
      const names = [...new Set([...stores.keys(), ...stale])].toSorted(byBytes)
      const updates = names.flatMap((name) => stores.get(name)?.message() ?? baseline(name) ?? [])
      const all = [...updates, ...events]
      stores = new Map()
      stale = new Set()
      events = []
      eventBytes = 0
      return all
    },
  }
}

// Go sorts strings by their bytes.
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
