import { encodeValue, type EventDef, type KeyedEventDef, RivuletError } from '@rivulet/wire'
import type { Message } from './outbox.ts'
import type { Peer } from './peer.ts'
import { createEdges, type EdgeListener, type Edges } from './edges.ts'
import { createPacketNames } from './packet-names.ts'
import { type HostLimits, utf8Length } from './limits.ts'

/** An event of this host. */
export interface EventEmitter<Packet> {
  /** Sends `packet` to every connected viewer, whatever its level. Throws `invalid-value` or `out-of-range` when it does not fit the schema. */
  emit(packet: Packet): void
}

/** A keyed event of this host. */
export interface KeyedEventEmitter<Packet> {
  /** Sends `packet` to the viewers that listen to `key`; costs next to nothing when there are none. */
  emit(key: string, packet: Packet): void
  /** Whether anybody listens to `key`. */
  listening(key: string): boolean
  /** How many viewers listen to `key` now. A viewer counts once, however often it asked. */
  listeners(key: string): number
  /** Calls `listener` when the first viewer listens to a key, and when the last one stops. */
  onListening(listener: EdgeListener): () => void
}

/** What identifies a keyed event. */
export interface Tuple {
  readonly store: string
  readonly event: string
  readonly key: string
}

/** One keyed event of a store: per key, who listens and how often. */
interface Channel {
  readonly edges: Edges
  readonly keys: Map<string, Map<Peer, number>>
}

/** Plain and keyed events (session.md §6). */
export interface EventHub {
  readonly event: <P>(def: EventDef<P>) => EventEmitter<P>
  keyedEvent<P>(def: KeyedEventDef<P>): KeyedEventEmitter<P>
  listen(peer: Peer, tuple: Tuple, minimum: number): void | Promise<void>
  unlisten(peer: Peer, tuple: Tuple): void
  /** Makes `tuples` all that the peer listens to. */
  sync(peer: Peer, tuples: readonly Tuple[]): void
  listens(peer: Peer, tuple: Tuple): boolean
  leave(peer: Peer): void
}

/** Makes the events of a host; `everybody` lists its connections. */
export function createEventHub(options: {
  readonly limits: HostLimits
  readonly everybody: () => Iterable<Peer>
  readonly failed: (what: string, error: unknown) => void
}): EventHub {
  const { limits, everybody, failed } = options
  const channels = new Map<string, Channel>()
  const defined = new Set<string>()
  const claim = createPacketNames()
  /** What each peer listens to, so that leaving costs what it had and not what everybody has. */
  const heard = new Map<Peer, Map<string, Tuple>>()

  function channelOf(store: string, event: string): Channel {
    const name = nameOf(store, event)
    let channel = channels.get(name)
    if (channel === undefined) {
      const edges = createEdges((error) => failed(`a listener of ${store} ${event} failed`, error))
      channels.set(name, (channel = { edges, keys: new Map() }))
    }
    return channel
  }

  function listen(peer: Peer, tuple: Tuple, minimum: number): void | Promise<void> {
    check(tuple)
    return peer.withLevel((level) => {
      if (level < minimum) {
        peer.drop('denied', `events of ${tuple.store} need level ${minimum}, the viewer has ${level}`)
        return
      }
      if (peer.keyedEventSubscriptions >= limits.keyedEventSubscriptions) {
        peer.drop('limit', `more than ${limits.keyedEventSubscriptions} keyed-event subscriptions`)
        return
      }
      add(peer, tuple)
    })
  }

  function add(peer: Peer, tuple: Tuple): void {
    peer.keyedEventSubscriptions++
    const { edges, keys } = channelOf(tuple.store, tuple.event)
    let listeners = keys.get(tuple.key)
    if (listeners === undefined) keys.set(tuple.key, (listeners = new Map()))
    const count = listeners.get(peer) ?? 0
    listeners.set(peer, count + 1)
    if (count > 0) return
    let mine = heard.get(peer)
    if (mine === undefined) heard.set(peer, (mine = new Map()))
    mine.set(idOf(tuple), tuple)
    edges.add(tuple.key)
  }

  function check(tuple: Tuple): void {
    const fault = tupleFault(tuple, limits)
    if (fault !== null) throw new RivuletError('protocol', fault)
  }

  function sync(peer: Peer, tuples: readonly Tuple[]): void {
    const wanted = new Map(tuples.map((tuple) => [idOf(tuple), tuple]))
    const before = new Map(heard.get(peer))
    for (const [id, tuple] of before) {
      const listeners = channels.get(nameOf(tuple.store, tuple.event))?.keys.get(tuple.key)
      peer.keyedEventSubscriptions -= (listeners?.get(peer) ?? 0) - 1
      // From here on it counts once, whoever asked for it how often.
      listeners?.set(peer, 1)
      if (!wanted.has(id)) unlisten(peer, tuple)
    }
    for (const [id, tuple] of wanted) if (!before.has(id)) add(peer, tuple)
  }

  function unlisten(peer: Peer, tuple: Tuple): void {
    check(tuple)
    const listeners = channels.get(nameOf(tuple.store, tuple.event))?.keys.get(tuple.key)
    const count = listeners?.get(peer)
    if (listeners === undefined || count === undefined) return
    peer.keyedEventSubscriptions--
    if (count > 1) {
      listeners.set(peer, count - 1)
      return
    }
    const mine = heard.get(peer)
    mine?.delete(idOf(tuple))
    if (mine?.size === 0) heard.delete(peer)
    drop(peer, tuple)
  }

  function drop(peer: Peer, { store, event, key }: Tuple): void {
    const name = nameOf(store, event)
    const channel = channels.get(name)
    const listeners = channel?.keys.get(key)
    if (channel === undefined || listeners === undefined || !listeners.delete(peer)) return
    if (listeners.size === 0) channel.keys.delete(key)
    channel.edges.remove(key)
    // Names come from viewers: an event that the host never defined must not stay behind.
    if (channel.keys.size === 0 && !defined.has(name)) channels.delete(name)
  }

  return {
    listen,
    unlisten,
    sync,
    listens: (peer, tuple) => heard.get(peer)?.has(idOf(tuple)) === true,
    leave(peer) {
      const mine = heard.get(peer)
      heard.delete(peer)
      for (const tuple of mine?.values() ?? []) drop(peer, tuple)
    },
    event: (def) => {
      const node = claim(def.name, def)
      return {
        emit(packet) {
          const event = asBuffer(encodeValue(def.types, node, packet))
          // One message for all: its bytes are made once.
          const message: Message = { event: 'event', body: { time: Date.now(), eventName: def.name, event } }
          for (const peer of Array.from(everybody())) peer.outbox.put(message)
        },
      }
    },
    keyedEvent: (def) => {
      const node = claim(nameOf(def.store, def.name), def)
      const { edges, keys } = channelOf(def.store, def.name)
      defined.add(nameOf(def.store, def.name))
      return {
        emit(key, packet) {
          const listeners = keys.get(key)
          if (listeners === undefined) return
          const event = asBuffer(encodeValue(def.types, node, packet))
          const body = { time: Date.now(), storeName: def.store, eventName: def.name, key, event }
          const message: Message = { event: 'keyedevent', body }
          for (const peer of Array.from(listeners.keys())) peer.outbox.put(message)
        },
        listening: (key) => keys.has(key),
        listeners: (key) => keys.get(key)?.size ?? 0,
        onListening: (listener) => edges.listen(listener),
      }
    },
  }
}

/** What is wrong with a keyed event's identity; null when nothing is. */
export function tupleFault({ event, key }: Tuple, limits: HostLimits): string | null {
  if (event.trim() === '' || utf8Length(event) > limits.eventNameBytes) {
    return `a keyed event's name has 1 to ${limits.eventNameBytes} bytes`
  }
  return key === '' || utf8Length(key) > limits.keyBytes
    ? `a keyed event's key has 1 to ${limits.keyBytes} bytes`
    : null
}

function nameOf(store: string, event: string): string {
  return JSON.stringify([store, event])
}

function idOf({ store, event, key }: Tuple): string {
  return JSON.stringify([store, event, key])
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
