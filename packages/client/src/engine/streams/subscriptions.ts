import type { PlainError } from '../../protocol.ts'
import type { Clock } from '../clock.ts'
import { text } from '../incoming.ts'
import { failure, plainError } from '../plain-error.ts'
import { type Endpoint, readAnswer } from './endpoint.ts'

/** Data streams that a host lets one viewer have; one more and it closes the connection (session.md §8, §9). */
export const MAX_STREAMS = 64

/** A host gives itself 30 s to open a stream, a relay 35 (session.md §9). */
const ANSWER_MS = 40_000

/** Which stream: two of the same identity are the same stream. */
export interface StreamIdentity {
  readonly store: string
  readonly name: string
  readonly key: string
}

/** One subscription of the manifest that a viewer session resumes with (session.md §7). */
export interface StreamManifestEntry {
  readonly subscriptionID: string
  readonly storeName: string
  readonly streamName: string
  readonly key: string
}

/** A stream asked for on the host's socket. */
export interface Subscription {
  readonly id: string
  /** It is not wanted any more. */
  release(): void
}

/** What comes of a subscription. */
interface SubscriptionListener {
  /** There is an endpoint. It may come again, with the same lease or another. */
  endpoint(endpoint: Endpoint): void
  /** The host said no, or nothing; the subscription is over. */
  refused(error: PlainError): void
}

export interface SubscriptionsOptions {
  readonly clock: Clock
  readonly emit: (event: string, message: unknown) => boolean
  readonly isOpen: () => boolean
  /** There is room for another, and has been for the whole task. */
  readonly freed: () => void
}

/** The control plane of data streams: what is asked of the host, and its answers. */
export interface Subscriptions {
  /** Asks for a stream, now or when the connection opens; null when there are {@link MAX_STREAMS}. */
  add(identity: StreamIdentity, listener: SubscriptionListener): Subscription | null
  /** A `datastreamendpoint` of the host. Throws a TypeError for garbage. */
  answer(message: Readonly<Record<string, unknown>>): void
  /** The connection is open. `carried`: the host was told already of what the last manifest listed. */
  opened(carried: boolean): void
  closed(): void
  manifest(): readonly StreamManifestEntry[]
}

interface Entry extends StreamIdentity {
  readonly id: string
  readonly listener: SubscriptionListener
  stopWaiting: (() => void) | null
}

/** Makes the control plane of one engine. Ids are never used twice, so that a late answer finds nobody. */
export function createSubscriptions({ clock, emit, isOpen, freed }: SubscriptionsOptions): Subscriptions {
  const entries = new Map<string, Entry>()
  let lastID = 0
  // What the last manifest listed: the attachment of a session takes a while, in which streams come and go.
  let listed: ReadonlyMap<string, Entry> = new Map()

  function wait(entry: Entry): void {
    entry.stopWaiting?.()
    entry.stopWaiting = clock.after(ANSWER_MS, () => {
      remove(entry)
      send(entry, 1)
      entry.listener.refused(
        failure('timeout', `the host did not answer within ${ANSWER_MS} ms`, {
          store: entry.store,
          path: placeOf(entry),
        }),
      )
    })
  }

  function remove(entry: Entry): boolean {
    entry.stopWaiting?.()
    entry.stopWaiting = null
    // Later, because who gives a place up may do so to take another.
    queueMicrotask(freed)
    return entries.delete(entry.id)
  }

  function send({ id, store, name, key }: Entry, action: 0 | 1): void {
    emit('datastreamsub', { subscriptionID: id, storeName: store, streamName: name, action, key })
  }

  return {
    add(identity, listener) {
      if (entries.size >= MAX_STREAMS) return null
      const entry: Entry = { ...identity, id: `stream-${++lastID}`, listener, stopWaiting: null }
      entries.set(entry.id, entry)
      if (isOpen()) {
        send(entry, 0)
        wait(entry)
      }
      return {
        id: entry.id,
        release() {
          if (remove(entry)) send(entry, 1)
        },
      }
    },
    answer(message) {
      const entry = entries.get(text(message['subscriptionID']))
      // Released while it was on its way: the host has closed the lease.
      if (entry === undefined) return
      let answer: ReturnType<typeof readAnswer>
      try {
        answer = readAnswer(message)
      } catch (e) {
        if (remove(entry)) send(entry, 1)
        entry.listener.refused(plainError(e, 'protocol', { store: entry.store, path: placeOf(entry) }))
        return
      }
      entry.stopWaiting?.()
      entry.stopWaiting = null
      if ('endpoint' in answer) {
        entry.listener.endpoint(answer.endpoint)
        return
      }
      remove(entry)
      entry.listener.refused(
        failure('denied', answer.refusal, {
          store: entry.store,
          path: placeOf(entry),
          hint: 'The host refused the data stream; it is asked again after a while.',
        }),
      )
    },
    opened(carried) {
      const known = carried ? listed : new Map<string, Entry>()
      for (const entry of known.values()) if (!entries.has(entry.id)) send(entry, 1)
      for (const entry of entries.values()) {
        if (!known.has(entry.id)) send(entry, 0)
        wait(entry)
      }
    },
    closed() {
      for (const entry of entries.values()) {
        entry.stopWaiting?.()
        entry.stopWaiting = null
      }
    },
    manifest() {
      listed = new Map(entries)
      return Array.from(listed.values(), ({ id, store, name, key }) => ({
        subscriptionID: id,
        storeName: store,
        streamName: name,
        key,
      }))
    },
  }
}

/** Where an error of a stream is: the stream's name and key. */
export function placeOf({ name, key }: StreamIdentity): readonly string[] {
  return [name, key]
}
