import type { StreamDef } from '@rivulet/wire'
import type { EngineConfig, PlainError } from '../../protocol.ts'
import type { StreamConfig, StreamEngineMessage } from '../../stream-protocol.ts'
import type { Clock } from '../clock.ts'
import { MAX_KEY_BYTES } from '../delivery-keys.ts'
import { failure } from '../plain-error.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { StreamHandlers } from './handlers.ts'
import { type OpenDataSocket, webSocket } from './reader.ts'
import { createStreamFeed, type StreamFeed } from './stream-feed.ts'
import { createSubscriptions, placeOf, type StreamIdentity, type StreamManifestEntry } from './subscriptions.ts'
import { createUnitQueue, type UnitQueue } from './unit-queue.ts'

/** Longest name of a store or a stream, in bytes (session.md §8). */
const MAX_NAME_BYTES = 256

export interface StreamsOptions {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly emit: (event: string, message: unknown) => boolean
  readonly isOpen: () => boolean
  readonly report: (error: PlainError) => void
  readonly handlers: StreamHandlers | undefined
  /** What a test puts in the place of WebSockets. */
  readonly openSocket: OpenDataSocket | undefined
}

/** All data streams of one engine. */
export interface Streams {
  /** Opens a stream for the page at the other end of `port`, which closes it by a message. A newer port for the same stream replaces the older. */
  open(def: StreamDef, key: string, port: MessagePort, config: StreamConfig, seat?: number): void
  /** The page at this seat is gone, with its streams. */
  leave(seat: number): void
  /** A `datastreamendpoint` of the host. Throws a TypeError for garbage. */
  answer(message: Readonly<Record<string, unknown>>): void
  /**
   * The connection is open. `carried`: the host knows all of {@link Streams.manifest} from the attachment of a session and sends the endpoints by itself; else everything is asked for here.
   */
  opened(carried: boolean): void
  closed(): void
  /** The app wants the connection closed: the data connections close too. */
  hangUp(): void
  /** Every subscription there is to be, for the attachment of a session. */
  manifest(): readonly StreamManifestEntry[]
  /** Server clock minus local clock, milliseconds; null when it is not known. */
  clockOffset(offset: number | null): void
  dispose(): void
}

interface Open {
  readonly seat: number
  readonly feed: StreamFeed
  readonly queue: UnitQueue
  readonly consumer: Consumer
}

const utf8 = new TextEncoder()

/** Makes the data streams of one engine. */
export function createStreams({ config, clock, emit, isOpen, report, handlers, openSocket }: StreamsOptions): Streams {
  const open = new Map<string, Open>()
  let offset = 0

  const subscriptions = createSubscriptions({
    clock,
    emit,
    isOpen,
    freed() {
      for (const { feed } of open.values()) feed.placeFree()
    },
  })

  const host = {
    config,
    clock,
    subscriptions,
    openSocket: openSocket ?? webSocket,
    // A worker from a Blob has the origin of its page here, but not in its address.
    pageOrigin: (globalThis as { readonly location?: Location }).location?.origin,
    isOpen,
    hostNow: () => clock.now() + offset,
    report,
  }

  function close(id: string): void {
    const was = open.get(id)
    if (was === undefined) return
    was.feed.end()
    was.queue.close()
    open.delete(id)
    was.consumer.close()
  }

  return {
    open(def, key, port, stream, seat = 0) {
      const identity: StreamIdentity = { store: def.store, name: def.name, key }
      const id = JSON.stringify([identity.store, identity.name, key])
      const other = open.get(id)
      const fault = faultOf(identity) ?? (other === undefined || other.seat === seat ? null : takenBy(identity))
      if (fault !== null) {
        const status = { state: 'error', since: clock.now(), error: fault } as const
        port.postMessage({ type: 'status', status } satisfies StreamEngineMessage)
        port.close()
        return
      }
      // The page has given the stream up and taken it again; messages of two ports come in any order.
      close(id)
      const consumer = createConsumer({
        def,
        key,
        port,
        handler: handlers?.find(def),
        taken: (units, bytes) => queue.taken(units, bytes),
        closed() {
          if (open.get(id)?.consumer === consumer) close(id)
        },
        report,
      })
      const queue = createUnitQueue({
        ...stream,
        clock,
        deliver: (unit, info) => consumer.unit(unit, info),
        broken(why) {
          feed.halt(why)
          queue.whenDrained(() => feed.resume())
        },
      })
      const feed = createStreamFeed(host, {
        identity,
        maxSilenceMs: stream.maxSilenceMs,
        unit: (unit, lost) => queue.push(unit, lost),
        status: (status) => consumer.status(status),
      })
      open.set(id, { seat, feed, queue, consumer })
    },
    leave(seat) {
      for (const [id, one] of open) if (one.seat === seat) close(id)
    },
    answer: (message) => subscriptions.answer(message),
    opened(carried) {
      subscriptions.opened(carried)
      for (const { feed } of open.values()) feed.opened()
    },
    closed() {
      subscriptions.closed()
      for (const { feed } of open.values()) feed.closed()
    },
    hangUp() {
      for (const { feed } of open.values()) feed.hangUp()
    },
    manifest: () => subscriptions.manifest(),
    clockOffset(value) {
      offset = value ?? 0
    },
    dispose() {
      const ids = [...open.keys()]
      for (const id of ids) close(id)
    },
  }
}

/** The units of a stream are handed over, not copied, so one page has them. */
function takenBy(identity: StreamIdentity): PlainError {
  return failure('limit', 'another tab has this data stream open', {
    store: identity.store,
    path: placeOf(identity),
    hint: "Tabs that share a connection share its streams too. Give this client the option tabs: 'own'.",
  })
}

/** What no host accepts; it is not even asked. */
function faultOf(identity: StreamIdentity): PlainError | null {
  const place = { store: identity.store, path: placeOf(identity) }
  const { store, name, key } = identity
  for (const [what, value, most] of [
    ['store name', store, MAX_NAME_BYTES],
    ['name', name, MAX_NAME_BYTES],
    ['key', key, MAX_KEY_BYTES],
  ] as const) {
    if (typeof value !== 'string' || value.trim() === '' || utf8.encode(value).length > most) {
      return failure('invalid-value', `a data stream's ${what} has 1 to ${most} bytes`, place)
    }
  }
  return null
}
