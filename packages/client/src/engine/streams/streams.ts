import type { StreamDef } from '@rivulet/wire'
import type { EngineConfig, PlainError } from '../../protocol.ts'
import type { StreamConfig, StreamEngineMessage } from '../../stream-protocol.ts'
import type { Clock } from '../clock.ts'
import { MAX_KEY_BYTES } from '../delivery-keys.ts'
import { failure } from '../plain-error.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { StreamHandlers } from './handlers.ts'
import { type OpenDataSocket, webSocket } from './reader.ts'
import { openStreamLine, type StreamLine, type Taker } from './stream-line.ts'
import { createSubscriptions, placeOf, type StreamIdentity, type StreamManifestEntry } from './subscriptions.ts'
import { createUnitQueue } from './unit-queue.ts'

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
  /** Opens a stream for the page at the other end of `port`, which closes it by a message. A newer port of the same page for the same stream replaces the older; other pages share it. */
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

const utf8 = new TextEncoder()

/** Makes the data streams of one engine. */
export function createStreams({ config, clock, emit, isOpen, report, handlers, openSocket }: StreamsOptions): Streams {
  /** Who takes which stream, by its id and the page's seat. */
  const streams = new Map<string, Map<number, Taker>>()
  const lines = new Set<StreamLine>()
  let offset = 0

  const subscriptions = createSubscriptions({
    clock,
    emit,
    isOpen,
    freed() {
      for (const { feed } of lines) feed.placeFree()
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

  function close(id: string, seat: number): void {
    const taker = streams.get(id)?.get(seat)
    if (taker === undefined) return
    const { line, consumer, queue } = taker
    if (line?.takers.size === 1) {
      line.feed.end()
      lines.delete(line)
    } else consumer.status({ state: 'closed', since: clock.now() })
    line?.takers.delete(taker)
    queue.close()
    forget(id, seat)
    consumer.close()
  }

  function fellBehind(identity: StreamIdentity, consumer: Consumer, why: string): void {
    const error = failure('limit', why, {
      store: identity.store,
      path: placeOf(identity),
      hint: 'Units come faster than this tab takes them; the stream starts anew for it when it has caught up.',
    })
    report(error)
    consumer.status({ state: 'reconnecting', since: clock.now(), error })
  }

  function forget(id: string, seat: number): void {
    const takers = streams.get(id)
    takers?.delete(seat)
    if (takers?.size === 0) streams.delete(id)
  }

  function lineFor(id: string): StreamLine | undefined {
    for (const line of lines) if (line.id === id && line.mayJoin()) return line
    return undefined
  }

  return {
    open(def, key, port, stream, seat = 0) {
      const identity: StreamIdentity = { store: def.store, name: def.name, key }
      const id = JSON.stringify([identity.store, identity.name, key])
      const fault = faultOf(identity)
      if (fault !== null) {
        const status = { state: 'error', since: clock.now(), error: fault } as const
        port.postMessage({ type: 'status', status } satisfies StreamEngineMessage)
        port.close()
        return
      }
      // The page has given the stream up and taken it again; messages of two ports come in any order.
      close(id, seat)
      const shared = lineFor(id)
      let got = false
      const ownLine = (wasLive: boolean): void =>
        void lines.add(openStreamLine(host, { id, identity, maxSilenceMs: stream.maxSilenceMs, wasLive }, taker))
      const consumer = createConsumer({
        def,
        key,
        port,
        handler: handlers?.find(def),
        taken: (units, bytes) => queue.taken(units, bytes),
        closed() {
          if (streams.get(id)?.get(seat) === taker) close(id, seat)
        },
        report,
      })
      const queue = createUnitQueue({
        maxUnits: stream.maxUnits,
        maxBytes: stream.maxBytes,
        clock,
        joins: shared?.begun === true,
        deliver(unit, info) {
          got = true
          consumer.unit(unit, info)
        },
        broken(why) {
          const { line } = taker
          if (line === null) return
          if (line.takers.size === 1) {
            line.halt(why)
            queue.whenDrained(() => line.resume())
          } else {
            // The stream has to start anew for this page, and for nobody else.
            line.leave(taker)
            // Who has had nothing yet misses nothing.
            if (got) fellBehind(identity, consumer, why)
            else taker.leftAt = null
            queue.whenDrained(() => ownLine(got))
          }
        },
      })
      const taker: Taker = { seat, queue, consumer, line: null, leftAt: null }
      const takers = streams.get(id) ?? new Map<number, Taker>()
      streams.set(id, takers.set(seat, taker))
      if (shared === undefined) ownLine(false)
      else shared.join(taker)
    },
    leave(seat) {
      for (const id of Array.from(streams.keys())) close(id, seat)
    },
    answer: (message) => subscriptions.answer(message),
    opened(carried) {
      subscriptions.opened(carried)
      for (const { feed } of lines) feed.opened()
    },
    closed() {
      subscriptions.closed()
      for (const { feed } of lines) feed.closed()
    },
    hangUp() {
      for (const { feed } of lines) feed.hangUp()
    },
    manifest: () => subscriptions.manifest(),
    clockOffset(value) {
      offset = value ?? 0
    },
    dispose() {
      for (const [id, takers] of Array.from(streams)) for (const seat of Array.from(takers.keys())) close(id, seat)
    },
  }
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
