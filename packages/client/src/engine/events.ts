import type { EventDef, KeyedEventDef } from '@rivulet/wire'
import type { PlainError } from '../protocol.ts'
import { MAX_KEY_BYTES } from './delivery-keys.ts'
import { failure } from './plain-error.ts'

/** Keyed events that a host lets one viewer listen to (session.md §9). */
const MAX_KEYED_EVENTS = 4096

const MAX_NAME_BYTES = 256

/** Identity of a keyed event. */
interface KeyedTuple {
  readonly store: string
  readonly event: string
  readonly key: string
}

interface Tuple extends KeyedTuple {
  readonly listeners: Set<number>
  sent: boolean
}

export interface EventsOptions {
  /** Whether subscriptions of this store may go out now. */
  readonly ask: (store: string) => boolean
  /** Sends a `keyedeventsub`. */
  readonly emitSub: (store: string, event: string, key: string, action: 0 | 1) => void
  readonly deliver: (listener: number, time: number, bytes: Uint8Array) => void
}

/** Who listens to which event. */
export interface Events {
  listen(listener: number, def: EventDef | KeyedEventDef, key?: string): PlainError | null
  unlisten(listener: number): void
  /** An `event` of the host. */
  plain(event: string, time: number, bytes: Uint8Array): void
  /** A `keyedevent` of the host. */
  keyed(store: string, event: string, key: string, time: number, bytes: Uint8Array): void
  /** The keyed events that somebody listens to. */
  tuples(): readonly KeyedTuple[]
  /** A session was attached with these keyed events; what changed meanwhile is put right. */
  entered(listed: readonly KeyedTuple[]): void
  /** Stores with keyed events. */
  stores(): Set<string>
  /** Subscribes all keyed events of a store, each once per connection. */
  sendKeys(store: string): void
  closed(): void
}

const utf8 = new TextEncoder()

export function createEvents({ ask, emitSub, deliver }: EventsOptions): Events {
  const plain = new Map<string, Set<number>>()
  const tuples = new Map<string, Tuple>()
  const where = new Map<number, string | Tuple>()

  const idOf = (store: string, event: string, key: string): string => JSON.stringify([store, event, key])

  function listenKeyed(listener: number, def: KeyedEventDef, key: string | undefined): PlainError | null {
    const place = { store: def.store }
    if (key === undefined || key === '') {
      return failure('invalid-value', `the event ${def.name} needs a key`, {
        ...place,
        hint: 'Pass the key: on(def, key, listener).',
      })
    }
    if (utf8.encode(key).length > MAX_KEY_BYTES)
      return failure('limit', `a key of ${def.name} is longer than ${MAX_KEY_BYTES} bytes`, place)
    // A host closes the connection of a viewer that asks for a blank name.
    if (def.name.trim() === '' || utf8.encode(def.name).length > MAX_NAME_BYTES) {
      return failure('invalid-value', `an event's name has 1 to ${MAX_NAME_BYTES} bytes, not only blanks`, {
        ...place,
        hint: 'The host would close the connection.',
      })
    }
    const id = idOf(def.store, def.name, key)
    let tuple = tuples.get(id)
    if (tuple === undefined) {
      if (tuples.size >= MAX_KEYED_EVENTS) {
        return failure('limit', `more than ${MAX_KEYED_EVENTS} keyed events at once`, {
          ...place,
          hint: 'The host would close the connection.',
        })
      }
      tuple = { store: def.store, event: def.name, key, listeners: new Set(), sent: false }
      tuples.set(id, tuple)
    }
    tuple.listeners.add(listener)
    where.set(listener, tuple)
    send(tuple)
    return null
  }

  function send(tuple: Tuple): void {
    if (tuple.sent || !ask(tuple.store)) return
    tuple.sent = true
    emitSub(tuple.store, tuple.event, tuple.key, 0)
  }

  return {
    listen(listener, def, key) {
      if (where.has(listener)) return failure('protocol', `listener ${listener} is in use`, { store: def.name })
      if (def.kind === 'keyedEvent') return listenKeyed(listener, def, key)
      let listeners = plain.get(def.name)
      if (listeners === undefined) plain.set(def.name, (listeners = new Set()))
      listeners.add(listener)
      where.set(listener, def.name)
      return null
    },
    unlisten(listener) {
      const at = where.get(listener)
      if (at === undefined) return
      where.delete(listener)
      if (typeof at === 'string') {
        plain.get(at)?.delete(listener)
        if (plain.get(at)?.size === 0) plain.delete(at)
        return
      }
      at.listeners.delete(listener)
      if (at.listeners.size > 0) return
      tuples.delete(idOf(at.store, at.event, at.key))
      if (at.sent) emitSub(at.store, at.event, at.key, 1)
    },
    plain(event, time, bytes) {
      for (const listener of plain.get(event) ?? []) deliver(listener, time, bytes)
    },
    keyed(store, event, key, time, bytes) {
      for (const listener of tuples.get(idOf(store, event, key))?.listeners ?? []) deliver(listener, time, bytes)
    },
    tuples: () => [...tuples.values()],
    entered(listed) {
      for (const { store, event, key } of listed) {
        const tuple = tuples.get(idOf(store, event, key))
        if (tuple === undefined) emitSub(store, event, key, 1)
        else tuple.sent = true
      }
    },
    stores: () => new Set(Array.from(tuples.values(), (t) => t.store)),
    sendKeys(store) {
      for (const tuple of tuples.values()) if (tuple.store === store) send(tuple)
    },
    closed() {
      for (const tuple of tuples.values()) tuple.sent = false
    },
  }
}
